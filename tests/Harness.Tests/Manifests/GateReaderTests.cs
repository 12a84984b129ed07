using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class GateReaderTests
{
    /// <summary>The demo with a hundred problems a difficulty and a gate in line 13.</summary>
    static string WithGate(string attributes) => ScratchExperiment.Demo.Replace("Problems=\"6\"", "Problems=\"200\"")
        .Replace("Pool=\"greedy\" />", $"Pool=\"greedy\" />\n    <Gate Include=\"g\" {attributes} />");

    static Manifest Read(string attributes, params string[] overrides)
    {
        using ScratchExperiment scratch = new(WithGate(attributes));
        return ManifestReader.Read(scratch.Raw(overrides: overrides), Registered.All);
    }

    const string Vote = "Metric=\"accuracy\" Pool=\"sums\" Strategy=\"majority-vote\" ";

    [Test]
    public void What_is_left_out_is_the_largest_multiplier_over_all_difficulties_against_what_is_committed()
    {
        GateManifest gate = Read(Vote + "MaxRegression=\"2%\"").Gates.Single();
        Assert.That((gate.Name, gate.Metric, gate.Pool!.Name, gate.Strategy!.Name), Is.EqualTo(
            ("g", GateMetric.Accuracy, "sums", "majority-vote")));
        Assert.That((gate.Multiplier, gate.Difficulty, gate.Baseline, gate.MaxRegression, gate.IsStrict),
            Is.EqualTo((4, "all", "HEAD", 0.02, false)));
        Assert.That((gate.Place.Line, gate.Place.Column), Is.EqualTo((13, 11)));
    }

    [TestCase("Metric=\"accurcy\" Pool=\"sums\" Strategy=\"coverage\" Min=\"0.4\"", 7, "one of accuracy, tokens")]
    [TestCase("Pool=\"sums\" Strategy=\"coverage\" Min=\"0.4\"", 8, "Metric of gate 'g' is missing")]
    [TestCase("Metric=\"accuracy\" Pool=\"summs\" Strategy=\"coverage\" Min=\"0.4\"", 6, "did you mean 'sums'?")]
    [TestCase("Metric=\"accuracy\" Pool=\"sums\" Strategy=\"greedy\" Min=\"0.4\"", 4, "over 'sums'")]
    [TestCase("Metric=\"accuracy\" Pool=\"sums\" Min=\"0.4\"", 8, "Strategy of gate 'g' is missing")]
    [TestCase(Vote + "Multiplier=\"3\" Min=\"0.4\"", 7, "expected one of strategy 'majority-vote': 1, 2, 4")]
    [TestCase(Vote + "Difficulty=\"5\" Min=\"0.4\"", 7, "expected one of all, 3, 4")]
    [TestCase(Vote, 8, "no condition")]
    [TestCase(Vote + "Min=\"0.4\" MaxRegression=\"5%\"", 7, "several conditions")]
    [TestCase(Vote + "EquivalentTo=\"HEAD\"", 8, "Margin of gate 'g' is missing")]
    [TestCase(Vote + "Min=\"0.4\" Margin=\"1%\"", 8, "EquivalentTo of gate 'g' is missing")]
    [TestCase(Vote + "Min=\"0.4\" Max=\"0.3\"", 7, "above its Max")]
    [TestCase(Vote + "Min=\"40\"", 7, "an accuracy lies from 0 to 1"), TestCase(Vote + "Max=\"-0.1\"", 7, "an accuracy lies from 0 to 1")]
    [TestCase(Vote + "Multiplier=\"0\" Min=\"0.4\"", 7, "Multiplier of gate 'g' is '0'")]
    [TestCase(Vote + "Min=\"1\"", 20, "no number of problems can show it")]
    [TestCase(Vote + "Min=\"much\"", 7, "a number, such as 0.05 or 5%")]
    [TestCase(Vote + "MaxRegression=\"150%\"", 7, "expected a share")]
    [TestCase(Vote + "Batch=\"8\" Min=\"0.4\"", 7, "says nothing of accuracy")]
    [TestCase("Metric=\"cut_off\" Pool=\"sums\" Strategy=\"coverage\" Max=\"0.1\"", 7, "says nothing of cut_off")]
    [TestCase("Metric=\"tokens_per_second\" Pool=\"sums\" Min=\"9\"", 7, "says nothing of tokens_per_second")]
    [TestCase(Vote + "Minimum=\"0.4\"", 3, "'Minimum' is not a known attribute of Gate")]
    public void A_mistake_is_one_line_at_the_gate(string attributes, int code, string message)
    {
        HarnessException mistake = Assert.Throws<HarnessException>(() => Read(attributes))!;
        Assert.That(mistake.ToCanonicalLine(), Does.Contain($"(13,").And.Contain($"error HRN{code:0000}: ").And.Contain(message));
    }

    [Test]
    public void Two_gates_of_a_name_are_refused() => Assert.That(
        () => Read(Vote + "Min=\"0.4\" /><Gate Include=\"g\" " + Vote + "Min=\"0.5\""),
        Throws.InstanceOf<HarnessException>().With.Message.Contains("two gates are named 'g'"));

    [Test]
    public void A_mistake_of_its_pool_is_said_once()
    {
        using ScratchExperiment scratch = new(WithGate(Vote + "Min=\"0.4\"").Replace("Include=\"sums\"", "Include=\"summs\""));
        Exception mistake = Assert.Catch(() => ManifestReader.Read(scratch.Raw(), Registered.All))!;
        Assert.That(ManifestException.FailuresOf(mistake).Select(one => one.Line), Has.None.EqualTo(13));
    }

    /// <summary>200 problems that are all right have an interval from .985 or so, and 200 that do not differ one of +-2/202.</summary>
    [TestCase("Min=\"0.97\"", true), TestCase("Min=\"0.99\"", false), TestCase("Max=\"0.03\"", true), TestCase("Max=\"0.01\"", false)]
    [TestCase("MaxRegression=\"0\"", true, Description = "a gain is no regression, however few the problems")]
    [TestCase("Min=\"0.5\" Max=\"0.6\"", true), TestCase("Min=\"0.5\" Max=\"0.51\"", false)]
    [TestCase("EquivalentTo=\"HEAD\" Margin=\"0.01\"", true), TestCase("EquivalentTo=\"HEAD\" Margin=\"0.005\"", false)]
    public void What_so_many_problems_can_never_show_is_refused_before_a_run(string condition, bool isShowable)
    {
        if (isShowable)
        {
            Assert.That(() => Read(Vote + condition), Throws.Nothing);
            return;
        }
        HarnessException mistake = Assert.Throws<HarnessException>(() => Read(Vote + condition))!;
        Assert.That(mistake.ToCanonicalLine(), Does.Contain("HRN0020").And.Contain("200 problems can show"));
        int needed = int.Parse(System.Text.RegularExpressions.Regex.Match(mistake.Message, @"it takes (\d+) problems").Groups[1].Value);
        string xml = WithGate(Vote + condition).Replace("Problems=\"200\"", $"Problems=\"{needed}\"");
        using ScratchExperiment enough = new(xml);
        Assert.That(() => ManifestReader.Read(enough.Raw(), Registered.All), Throws.Nothing, $"{needed} problems");
        using ScratchExperiment few = new(xml.Replace($"Problems=\"{needed}\"", $"Problems=\"{needed * 9 / 10}\""));
        Assert.That(() => ManifestReader.Read(few.Raw(), Registered.All), Throws.InstanceOf<HarnessException>());
    }

    /// <summary>Of a pool with one difficulty accuracy.csv has rows over all alone.</summary>
    [Test]
    public void The_only_difficulty_is_all_of_them()
    {
        using ScratchExperiment scratch = new(WithGate(Vote + "Difficulty=\"3\" Min=\"0.4\"").Replace("\"3;4\"", "\"3\""));
        Assert.That(ManifestReader.Read(scratch.Raw(), Registered.All).Gates.Single().Difficulty, Is.EqualTo("all"));
    }

    [Test]
    public void A_trial_with_fewer_problems_is_not_refused() =>
        Assert.That(() => Read(Vote + "Min=\"0.99\"", "Problems"), Throws.Nothing);

    [Test]
    public void No_gate_makes_anything_stale()
    {
        Manifest without = Read("Metric=\"cut_off\" Pool=\"sums\" Max=\"0.1\"") with { Gates = [] }, with = Read(Vote + "Min=\"0.4\"");
        Assert.That(ManifestKeys.OfPools(with, "m").ToJsonString(), Is.EqualTo(ManifestKeys.OfPools(without, "m").ToJsonString()));
        Assert.That(ManifestKeys.OfAnalysis(with).ToJsonString(), Is.EqualTo(ManifestKeys.OfAnalysis(without).ToJsonString()));
    }
}
