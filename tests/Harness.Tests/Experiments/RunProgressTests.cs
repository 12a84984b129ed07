using Harness.Engines;
using Harness.Experiments;
using Harness.Kernels.Decoding;
using Harness.Pools;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Measurement;

namespace Harness.Tests.Experiments;

public sealed class RunProgressTests
{
    ScratchExperiment scratch = null!;
    IReadOnlyList<PlannedPool> pools = null!;

    /// <summary>Two pools: 6 problems of 4 samples at most 8 tokens long, and 6 of one.</summary>
    [OneTimeSetUp]
    public void Plan()
    {
        scratch = new ScratchExperiment(ScratchExperiment.Demo.Replace("Temperature=\"", "MaxTokens=\"8\" Temperature=\""));
        ScriptedEngine host = new();
        using IEngineModel model = host.Open(scratch.Result("model.bin"));
        pools = ExperimentPlan.Create(scratch.Resolve(host), model).Pools;
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void Nothing_finished_is_expected_to_run_to_MaxTokens()
    {
        ProgressLine line = new RunProgress(pools.Select(pool => (pool, Enumerable.Empty<LoggedGeneration>()))).Line();
        Assert.That((line.Pool, line.Done, line.Total, line.ExpectedTokens, line.Share), Is.EqualTo(("sums", 0L, 30L, 8.0 * 30, 0.0)));
    }

    [Test]
    public void What_is_left_of_a_pool_is_as_long_as_what_is_finished()
    {
        SteppedClock clock = new();
        RunProgress progress = new(pools.Select(pool => (pool, Enumerable.Empty<LoggedGeneration>())), clock);
        progress.Begin(0);
        progress.Add(Sample(0, 0, 2));
        progress.Add(Sample(0, 1, 4));
        clock.Advance(2);
        ProgressLine line = progress.Line();
        Assert.That((line.Done, line.Tokens, line.ExpectedTokens, line.Elapsed.TotalSeconds), Is.EqualTo((2L, 6L, 3.0 * 24 + 8 * 6, 2.0)));
    }

    [Test]
    public void Samples_of_earlier_runs_count_as_done_but_not_as_this_run_s_speed()
    {
        RunProgress progress =
            new([(pools[0], [Sample(0, 0, 2), Sample(5, 3, 2), Sample(6, 0, 100), Sample(0, 4, 100)]), (pools[1], [Sample(0, 0, 5)])]);
        progress.Begin(1);
        progress.Add(Sample(1, 0, 5));
        ProgressLine line = progress.Line();
        Assert.That(
            (progress.Resumed, progress.Kept, progress.Generated, progress.GeneratedTokens),
            Is.EqualTo((3L, 4L, 1L, 5L)),
            "samples beyond the pool are not its own");
        Assert.That(
            (line.Pool, line.Done, line.Resumed, line.Tokens, line.KeptTokens, line.ExpectedTokens),
            Is.EqualTo(("greedy", 4L, 3L, 5L, 9L, 2.0 * 24 + 5 * 6)));
    }

    static LoggedGeneration Sample(int problem, int sample, int tokens) =>
        new(new Generation(problem, sample, new int[tokens], new float[tokens], FinishReason.Stop), "");
}
