using Harness.Experiments;
using Harness.Identity;
using Harness.Pools;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Experiments;

/// <summary>Texts of samples: kept ones are read, others are drawn again once.</summary>
sealed class ExperimentTextsTests
{
    readonly ScriptedEngine engine = new();
    ScratchExperiment scratch = null!;

    [SetUp]
    public void Run()
    {
        scratch = new ScratchExperiment();
        using RunConsole console = new(TextWriter.Null, live: false);
        new ExperimentRun(Resolved(), console, new RunOptions()).Execute(CancellationToken.None);
        engine.Generators = 0;
    }

    [TearDown]
    public void TearDown() => scratch.Dispose();

    ResolvedExperiment Resolved() => ResolvedExperiment.Resolve(scratch.Raw(), engine.Registered);

    IReadOnlyDictionary<string, string> Keys => RunJson.PoolKeysOf(RunJson.Read(scratch.Result(RunJson.FileName)));

    IReadOnlyList<PoolTexts> Read(bool draws = true, IReadOnlyDictionary<string, string>? keys = null)
    {
        using RunConsole console = new(TextWriter.Null, live: false);
        return new ExperimentTexts(Resolved(), console).Read(keys ?? Keys, draws, CancellationToken.None);
    }

    [Test]
    public void What_a_run_has_kept_is_not_drawn_again()
    {
        IReadOnlyList<PoolTexts> texts = Read();
        Assert.That(engine.Generators, Is.Zero);
        Assert.That(texts.Select(pool => (pool.Pool, pool.Problems.Count, pool.Samples.Count)),
            Is.EqualTo(new[] { ("sums", 6, 24), ("greedy", 6, 6) }));
        foreach (SampleRow row in SampleTable.Csv.Read(scratch.Result("samples.csv")))
        {
            SampleText text = texts.Single(pool => pool.Pool == row.Pool).Samples[(row.Problem, row.Sample)];
            Assert.That(text.TokensHash, Is.EqualTo(row.TokensHash));
        }
        Assert.That(texts[0].Problems.Select(problem => problem.Prompt), Is.All.Not.Empty);
    }

    [Test]
    public void What_is_not_kept_is_drawn_again_once()
    {
        IReadOnlyList<PoolTexts> before = Read();
        File.Delete(scratch.Log("sums"));
        IReadOnlyList<PoolTexts> drawn = Read();
        Assert.That(engine.Generators, Is.EqualTo(1));
        Assert.That(drawn[0].Samples, Is.EquivalentTo(before[0].Samples));
        Assert.That(Read()[0].Samples, Is.EquivalentTo(before[0].Samples));
        Assert.That(engine.Generators, Is.EqualTo(1));
    }

    [Test]
    public void Nothing_is_drawn_where_that_is_not_asked_for()
    {
        File.Delete(scratch.Log("sums"));
        Assert.That(Read(draws: false).Select(pool => pool.Samples.Count), Is.EqualTo(new[] { 0, 6 }));
        Assert.That(engine.Generators, Is.Zero);
    }

    [Test]
    public void A_pool_that_is_asked_otherwise_than_in_the_results_has_no_texts()
    {
        Dictionary<string, string> keys = new(Keys) { ["sums"] = new string('0', 64) };
        File.Delete(scratch.Log("sums"));
        Assert.That(Read(keys: keys).Select(pool => pool.Pool), Is.EqualTo(new[] { "greedy" }));
        Assert.That(engine.Generators, Is.Zero);
    }
}
