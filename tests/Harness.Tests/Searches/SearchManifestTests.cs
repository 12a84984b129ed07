using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Strategies;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Searches.Fakes;

namespace Harness.Tests.Searches;

/// <summary>A manifest that names a searching strategy: bound like the others, and refused by the main flow.</summary>
[TestFixture]
sealed class SearchManifestTests
{
    [Test]
    public void It_is_bound_with_its_options()
    {
        Manifest manifest = Read(SearchedExperiment.Beam);
        SearchManifest search = manifest.Searches.Single();
        Assert.That((search.Name, search.Pool == manifest.Pools[0], search.Replicates, search.Options["StepTokens"], search.Verifier!.Name),
            Is.EqualTo(("small-beam", true, 3, 9, "mean-logprob")));
        Assert.That(search.Multipliers, Is.EqualTo(new[] { 2, 4 }));
        Assert.That(search.Strategy, Is.TypeOf<SmallBeam>());
        Assert.That(manifest.Strategies.Select(strategy => strategy.Name), Is.EqualTo(new[] { "majority-vote", "coverage", "greedy" }));
        Assert.That(Read("<Strategy Include=\"small-beam\" Pool=\"sums\" />").Searches[0].Replicates, Is.EqualTo(1));
    }

    [Test]
    public void Its_multipliers_have_nothing_to_do_with_the_samples_of_its_pool() => Assert.That(
        Read(SearchedExperiment.Beam.Replace("2;4", "64")).Searches[0].Multipliers, Is.EqualTo(new[] { 64 }));

    [Test]
    public void A_pool_that_only_searches_name_needs_no_samples()
    {
        string xml = ScratchExperiment.Demo.Replace("</ItemGroup>",
            "<Pool Include=\"searched\" Task=\"sum\" Prompt=\"direct\" Problems=\"3\" />\n</ItemGroup>");
        Manifest manifest = Read(SearchedExperiment.Beam.Replace("\"sums\"", "\"searched\""), xml);
        Assert.That(manifest.Searches[0].Pool, Is.SameAs(manifest.Pools[2]));
        Assert.That(manifest.Pools[2].Samples, Is.Zero);
    }

    [TestCase("Replicates=\"3\"", "Replicates=\"0\"", "HRN0007")]
    [TestCase("StepTokens=\"9\"", "StepToken=\"9\"", "HRN0003")]
    [TestCase("StepTokens=\"9\"", "Subsets=\"9\"", "HRN0003")]
    [TestCase("Pool=\"sums\"", "Pool=\"sum\"", "HRN0006")]
    public void What_is_wrong_in_it_is_said_at_its_place(string right, string wrong, string code)
    {
        HarnessException mistake = Assert.Throws<HarnessException>(() => Read(SearchedExperiment.Beam.Replace(right, wrong)))!;
        Assert.That(mistake.ToCanonicalLine(), Does.Contain($"error {code}: ").And.Contain("demo.proj(13,"));
    }

    [Test]
    public void The_main_flow_refuses_it_at_its_place()
    {
        using ScratchExperiment scratch = new(SearchedExperiment.With(ScratchExperiment.Demo, SearchedExperiment.Beam));
        HarnessException refused = Assert.Throws<HarnessException>(() =>
            ResolvedExperiment.Resolve(scratch.Raw(), SearchedExperiment.WithBeam(new ScriptedEngine().Registered)))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.SearchInExperiment));
        Assert.That(refused.ToCanonicalLine(), Does.StartWith($"{scratch.Project}(13,").And.Contain("'small-beam'"));
    }

    [Test]
    public void The_page_and_the_definitions_tell_the_kinds_apart()
    {
        string page = ExperimentsPage.Markdown(SearchedExperiment.WithBeam(Registered.All));
        Assert.That(page, Does.Contain("| `small-beam` | search | the better half").And.Contain("| `majority-vote` | pool | "));
        Assert.That(page, Does.Contain("`Replicates`: Independent searches of each problem at each multiplier; 1 where none is given"));
        Assert.That(SmallBeam.Definition.Options[0], Is.SameAs(SearchStrategyDefinition.Replicates));
    }

    static Manifest Read(string strategy, string xml = ScratchExperiment.Demo)
    {
        using ScratchExperiment scratch = new(SearchedExperiment.With(xml, strategy));
        return ManifestReader.Read(scratch.Raw(), SearchedExperiment.WithBeam(Registered.All));
    }
}
