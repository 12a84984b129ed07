using Harness.Engines;
using Harness.Experiments;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Pools;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Measurement;

namespace Harness.Tests.Experiments;

public sealed class PlanCostTests
{
    const double PromptToken = 0.001, Sample = 0.002, Token = 0.0005, Loading = 1.5;

    readonly SteppedClock clock = new();
    readonly ScriptedEngine host = new();
    ScratchExperiment scratch = null!;

    [SetUp]
    public void Write() =>
        scratch = new ScratchExperiment(ScratchExperiment.Demo.Replace("Temperature=\"", "MaxTokens=\"40\" Temperature=\""));

    [TearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void Without_lengths_it_is_an_upper_bound_at_MaxTokens()
    {
        PlanCost cost = Estimate();
        Assert.That(cost.IsUpperBound, Is.True);
        Assert.That(cost.Tokens, Is.EqualTo(30 * 40));
        Assert.That(cost.Seconds, Is.EqualTo(SecondsOf(cost, 30 * 40, 30)).Within(0.1).Percent);
        Assert.That((cost.Kept, cost.SamplesLeft, cost.SecondsLeft), Is.EqualTo((0L, 30L, cost.Seconds)));
    }

    [Test]
    public void Committed_samples_tell_lengths_and_the_time_is_that_of_the_run()
    {
        scratch.Run(host);
        IReadOnlyList<SampleRow> rows = SampleTable.Csv.Read(scratch.Result("samples.csv"));
        foreach (string log in new[] { "sums", "greedy" })
            File.Delete(scratch.Log(log));
        PlanCost cost = Estimate();
        Assert.That(cost.IsUpperBound, Is.False);
        Assert.That(cost.Pools.Select(pool => pool.Length.Source), Is.All.EqualTo(LengthSource.Committed));
        double tokens = rows.Sum(row => row.Tokens!.Value);
        Assert.That(cost.Tokens, Is.EqualTo(tokens).Within(1e-9));
        Assert.That(cost.Seconds, Is.EqualTo(SecondsOf(cost, tokens, 30)).Within(0.1).Percent);
    }

    [Test]
    public void Kept_samples_are_counted_and_left_out_of_what_is_left()
    {
        using CancellationTokenSource source = new();
        int finished = 0;
        host.BeforeFinished = _ =>
        {
            if (++finished == 9)
                source.Cancel();
        };
        Assert.That(
            () => scratch.Run(host, cancellation: source.Token),
            Throws.Exception.With.Message.Contains("9 of 30 samples are kept: run the same command again to go on"));
        host.BeforeFinished = null;
        PlanCost cost = Estimate();
        PoolCost sums = cost.Pools[0];
        Assert.That((cost.Kept, cost.SamplesLeft, sums.Kept, sums.Length.Source), Is.EqualTo((9L, 21L, 9L, LengthSource.Kept)));
        Assert.That(sums.SecondsLeft, Is.EqualTo(sums.Seconds * 15 / 24).Within(1e-9));
        Assert.That(cost.Pools[1].Length.Source, Is.EqualTo(LengthSource.MaxTokens), "of the pool that had not begun nothing is known");
    }

    /// <summary>Another run has samples of the same key: the overridden one need not draw them, and its plan says so.</summary>
    [TestCase(3, 24), TestCase(5, 30)]
    public void Samples_of_other_runs_are_counted_as_kept(int samples, long kept)
    {
        scratch.Run(host);
        scratch.Write(ScratchExperiment.Demo.Replace("Temperature=\"", "MaxTokens=\"40\" Temperature=\"")
            .Replace("Samples=\"4\"", $"Samples=\"{samples}\"").Replace("1;2;4", "1").Replace("1;4", "1"));
        PlanCost cost = Estimate("Samples");
        Assert.That((cost.Kept, cost.SamplesLeft), Is.EqualTo((kept, 6 * (samples + 1) - kept)));
        Assert.That(cost.Pools.Select(pool => pool.Length.Source), Is.All.EqualTo(LengthSource.Kept));
    }

    [Test]
    public void Committed_samples_that_were_cut_off_at_another_limit_tell_nothing()
    {
        PlannedPool pool = Plan().Pools[0];
        scratch.Run(host);
        SampleRow[] rows = [.. SampleTable.Csv.Read(scratch.Result("samples.csv")).Where(row => row.Pool == "sums")];
        Assert.That(ExpectedLength.Of(pool, [], rows).Source, Is.EqualTo(LengthSource.Committed));
        Assert.That(
            ExpectedLength.Of(pool, [], [rows[0] with { Finish = "length", Tokens = 40 }]),
            Is.EqualTo(new ExpectedLength(40, LengthSource.Committed)));
        Assert.That(
            ExpectedLength.Of(pool, [], [rows[0] with { Finish = "length", Tokens = 20 }]).Source, Is.EqualTo(LengthSource.MaxTokens));
        Assert.That(
            ExpectedLength.Of(pool, [3], rows).Source, Is.EqualTo(LengthSource.Committed), "one kept sample of 24 is less than a tenth");
        Assert.That(ExpectedLength.Of(pool, [3, 3, 6], rows), Is.EqualTo(new ExpectedLength(4, LengthSource.Kept)));
    }

    ExperimentPlan Plan(params string[] overrides)
    {
        using IEngineModel model = host.Open(scratch.Result("model.bin"));
        return ExperimentPlan.Create(scratch.Resolve(host, overrides: overrides), model);
    }

    PlanCost Estimate(params string[] overrides) => PlanCost.Estimate(Plan(overrides), new TimedModel(clock), default, clock);

    /// <summary>What the scripted model takes: each problem's prompt is read once.</summary>
    static double SecondsOf(PlanCost cost, double tokens, long samples) =>
        Loading + cost.Pools.Sum(pool => pool.PromptTokens) * PromptToken + samples * Sample + (tokens - samples) * Token;

    /// <summary>A model whose every piece of work takes a scripted time.</summary>
    sealed class TimedModel(SteppedClock clock) : IEngineModel
    {
        public string ContentHash => throw new NotSupportedException();

        public int? ContextLength => throw new NotSupportedException();

        public IModelText? Text => throw new NotSupportedException();

        public ModelConfig? Shape => throw new NotSupportedException();

        public IModelGenerator CreateGenerator(Precision precision, Placement placement)
        {
            clock.Advance(Loading);
            return new TimedGenerator(clock);
        }

        public void Dispose()
        {
        }
    }

    sealed class TimedGenerator(SteppedClock clock) : IModelGenerator
    {
        public int Batch => 12;

        public bool ExtendsPaths => false;

        public MemoryFit Fits(RequestShape shape) => new(Batch, null);

        public void Generate(
            IReadOnlyList<GenerationRequest> requests,
            DecodingSettings settings,
            Action<Generation> finished,
            CancellationToken cancellation)
        {
            foreach (GenerationRequest request in requests)
            {
                clock.Advance(request.Prompt.Count * PromptToken);
                foreach (int sample in request.Samples)
                {
                    clock.Advance(Sample + (settings.MaxTokens - 1) * Token);
                    finished(
                        new Generation(
                            request.Problem, sample, new int[settings.MaxTokens], new float[settings.MaxTokens], FinishReason.Length));
                }
            }
        }

        public void Dispose()
        {
        }
    }
}
