using Harness.Analysis;
using Harness.Analysis.Frontiers;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Samples;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Analysis;

sealed class FrontierTests
{
    const int Problems = 400;

    static readonly string Sampled = Xml(samples: 4, "");

    static string Xml(int samples, string temperature) => $"""
        <Project>
          <PropertyGroup><Model>model.bin</Model><Seed>7</Seed></PropertyGroup>
          <ItemGroup>
            <Pool Include="sums" Task="sum" Prompt="direct" Difficulty="3;4" Problems="{Problems}" Samples="{samples}" {temperature} />
            <Pool Include="greedy" Task="sum" Prompt="think" Difficulty="3;4" Problems="{Problems}" Samples="1" Temperature="0" />
            {(samples > 1 ? """<Strategy Include="majority-vote" Pool="sums" Multipliers="1;2;4" />"""
                : """<Strategy Include="greedy" Pool="sums" />""")}
            <Strategy Include="greedy" Pool="greedy" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>
    /// Every sample of every problem is right with a chance of one half, so that no problem is more difficult than another.
    /// </summary>
    static IReadOnlyList<FrontierRow> OfCoins(string xml)
    {
        using ScratchExperiment scratch = new(xml);
        Manifest manifest = ManifestReader.Read(scratch.Raw(), Registered.All);
        Random random = new(9);
        Dictionary<PoolManifest, PoolEstimates> pools = manifest.Pools.ToDictionary(pool => pool, pool => new PoolEstimates(
            [
                .. Enumerable.Range(0, Problems).Select(problem => new ProblemSamples(
                    problem, 3 + problem % 2, 5,
                    [.. Enumerable.Range(0, pool.Samples).Select(_ => random.Next(2) == 0).Select(right =>
                        new PooledSample(right ? "1" : "2", right, 3, -1))])),
            ], 1));
        return Frontier.Of(manifest, null, pools);
    }

    [Test]
    public void Bins_of_equally_difficult_problems_are_equally_accurate()
    {
        FrontierRow[] bins = [.. OfCoins(Sampled).Where(row => row.Scope == FrontierRow.ByDifficulty && row.Bin != "all")];
        Assert.That(bins, Is.Not.Empty);
        Assert.That(bins.Select(row => row.Accuracy), Is.All.EqualTo(0.5).Within(0.1));
        FrontierRow[] all = [.. OfCoins(Sampled).Where(row => row.Scope == FrontierRow.ByDifficulty && row.Bin == "all")];
        Assert.That(all.Select(row => row.Accuracy), Is.All.EqualTo(0.5).Within(0.06));
    }

    [Test]
    public void Greedy_answers_alone_have_no_difficulty()
    {
        IReadOnlyList<FrontierRow> rows = OfCoins(Xml(samples: 1, "Temperature=\"0\""));
        Assert.That(rows.Any(row => row.Scope == FrontierRow.OverAll));
        Assert.That(rows.Any(row => row.Scope == FrontierRow.ByDifficulty), Is.False);
    }

    [Test]
    public void Budgets_begin_at_the_cheapest_way_and_none_costs_more_than_its_own()
    {
        FrontierRow[] rows = [.. OfCoins(Sampled).Where(row => row.Scope == FrontierRow.OverAll)];
        Assert.That(rows[0].Budget, Is.EqualTo(3), "one sample of three tokens");
        Assert.That(rows.Select(row => row.Cost / row.Budget), Is.All.AtMost(1 + 1e-9));
        Assert.That(rows.Select(row => row.Budget), Is.EqualTo(new[] { 3.0, 6, 12 }));
    }
}
