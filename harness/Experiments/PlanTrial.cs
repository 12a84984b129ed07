using Harness.Engines;
using Harness.Kernels.Decoding;
using Harness.Measurement;
using Harness.Pools;

namespace Harness.Experiments;

/// <summary>Times a small piece of each pool's own work: some of its prompts, a full batch of samples, a few tokens each.</summary>
sealed class PlanTrial(IModelGenerator generator, TimeProvider clock)
{
    const int MostTokens = 16, MostPrompts = 4;
    static readonly StoppingRule Rule = new() { FewestRuns = 3, MostRuns = 9, Share = TimeSpan.FromSeconds(0.5), Spread = 0.05 };

    public PoolRates Measure(PlannedPool pool, ExpectedLength length, CancellationToken cancellation)
    {
        int tokens = (int)Math.Clamp(Math.Round(length.Tokens), Math.Min(2, pool.Decoding.MaxTokens), Math.Min(MostTokens, pool.Decoding.MaxTokens));
        int prompts = (int)Math.Min(Math.Min(pool.Prompts.Count, MostPrompts), Math.Max(1, Math.Min(generator.Batch, pool.Samples)));
        int each = (int)Math.Max(1, Math.Min(generator.Batch, pool.Samples) / prompts);
        PlannedPrompt[] chosen = [.. Enumerable.Range(0, prompts).Select(i => pool.Prompts[(int)((long)i * pool.Prompts.Count / prompts)])];
        IReadOnlyList<double[]> runs = new MeasurementLoop(Rule, clock).Repeat(
            token => new[] { Seconds(pool, chosen, 1, 1, token), Seconds(pool, chosen, each, 1, token), Seconds(pool, chosen, each, tokens, token) },
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
        GenerationRequest[] requests = [.. prompts.Select(prompt => new GenerationRequest
        {
            Problem = prompt.Problem.Index,
            Prompt = prompt.Tokens,
            Samples = [.. Enumerable.Range(0, samples)],
        })];
        long started = clock.GetTimestamp();
        PoolGeneration.Draw(trial, generator, requests, finished => PoolGeneration.Row(trial, finished), cancellation);
        return clock.GetElapsedTime(started).TotalSeconds;
    }
}
