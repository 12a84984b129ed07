using Harness.Engines;
using Harness.Kernels.Decoding;
using Harness.Measurement;
using Harness.Pools;

namespace Harness.Experiments;

/// <summary>
/// Times a small piece of each pool's own work: some of its prompts, a full batch of samples, a few tokens each. Where some whole problems
/// take little time they are generated as the run generates them, and correct the rates: samples then end and begin at different times.
/// </summary>
sealed class PlanTrial(IModelGenerator generator, TimeProvider clock)
{
    const int MostTokens = 16, MostPrompts = 4;
    static readonly StoppingRule Rule = new() { FewestRuns = 3, MostRuns = 9, Share = TimeSpan.FromSeconds(0.5), Spread = 0.05 };

    /// <summary>
    /// Seconds that the whole problems may take by the uncorrected rates, and the full batches that they fill: the last one empties slowly.
    /// </summary>
    const double WholeSeconds = 2, WholeBatches = 8;

    public PoolRates Measure(PlannedPool pool, ExpectedLength length, CancellationToken cancellation)
    {
        PoolRates rates = MeasureApart(pool, length, cancellation);
        double promptTokens = pool.Prompts.Average(prompt => prompt.Tokens.Length);
        double problemSeconds = rates.SecondsOf(promptTokens, pool.Manifest.Samples, pool.Manifest.Samples * length.Tokens);
        int problems = (int)Math.Min(pool.Prompts.Count, Math.Ceiling(WholeBatches * generator.Batch / pool.Manifest.Samples));
        return problems * problemSeconds <= WholeSeconds ? rates.Times(Correction(pool, problems, rates, cancellation)) : rates;
    }

    /// <summary>What whole problems take, over what the rates say that they take.</summary>
    double Correction(PlannedPool pool, int problems, PoolRates rates, CancellationToken cancellation)
    {
        PlannedPrompt[] chosen = Spread(pool, problems);
        long tokens = 0;
        IReadOnlyList<double> runs = new MeasurementLoop(Rule, clock).Seconds(token =>
        {
            tokens = 0;
            PoolGeneration.Draw(pool, generator, Requests(chosen, pool.Manifest.Samples), finished =>
            {
                tokens += finished.Generation.Tokens.Length;
                PoolGeneration.Row(pool, finished);
            }, token);
        }, cancellation);
        double expected = rates.SecondsOf(chosen.Sum(prompt => prompt.Tokens.Length), (long)problems * pool.Manifest.Samples, tokens);
        return expected > 0 ? Measured.Of(runs).Median / expected : 1;
    }

    PoolRates MeasureApart(PlannedPool pool, ExpectedLength length, CancellationToken cancellation)
    {
        int tokens =
            (int)Math.Clamp(Math.Round(length.Tokens), Math.Min(2, pool.Decoding.MaxTokens), Math.Min(MostTokens, pool.Decoding.MaxTokens));
        int prompts = (int)Math.Min(Math.Min(pool.Prompts.Count, MostPrompts), Math.Max(1, Math.Min(generator.Batch, pool.Samples)));
        int each = (int)Math.Max(1, Math.Min(generator.Batch, pool.Samples) / prompts);
        PlannedPrompt[] chosen = Spread(pool, prompts);
        IReadOnlyList<double[]> runs = new MeasurementLoop(Rule, clock).Repeat(
            token =>
                new[] { Seconds(pool, chosen, 1, 1, token), Seconds(pool, chosen, each, 1, token), Seconds(
                    pool, chosen, each, tokens, token) },
            seconds => seconds,
            cancellation);
        double[] median = [.. Enumerable.Range(0, 3).Select(i => Measured.Of(runs.Select(run => run[i])).Median)];
        // One prompt's own first sample is part of reading it: of the trial's samples, the others show what one more costs.
        double sample = each > 1 ? Math.Max(median[1] - median[0], 0) / ((each - 1) * prompts) : 0;
        double prompt = Math.Max(median[0] - prompts * sample, 0) / chosen.Sum(prompt => prompt.Tokens.Length);
        double next = tokens > 1 ? Math.Max(median[2] - median[1], 0) / ((double)each * prompts * (tokens - 1)) : 0;
        return new PoolRates(prompt, sample, next);
    }

    /// <summary>Seconds of one generation, its texts and answers read as a run reads them.</summary>
    double Seconds(PlannedPool pool, PlannedPrompt[] prompts, int samples, int tokens, CancellationToken cancellation)
    {
        PlannedPool trial = pool with { Decoding = pool.Decoding with { MaxTokens = tokens, StopTokens = [], StopStrings = [] } };
        long started = clock.GetTimestamp();
        PoolGeneration.Draw(trial, generator, Requests(prompts, samples), finished => PoolGeneration.Row(trial, finished), cancellation);
        return clock.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Prompts from all over the pool, whose problems may be ordered by difficulty.</summary>
    static PlannedPrompt[] Spread(PlannedPool pool, int count) =>
        [.. Enumerable.Range(0, count).Select(i => pool.Prompts[(int)((long)i * pool.Prompts.Count / count)])];

    static GenerationRequest[] Requests(PlannedPrompt[] prompts, int samples) =>
    [
        .. prompts.Select(prompt => new GenerationRequest
        {
            Problem = prompt.Problem.Index,
            Prompt = prompt.Tokens,
            Samples = [.. Enumerable.Range(0, samples)],
        }),
    ];
}
