using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Samples;
using Harness.Statistics;

namespace Harness.Analysis;

/// <summary>What k samples of one problem cost, as the expectation over its pool: the prompt once, each token at its position.</summary>
/// <remarks>Operations are NaN for a model whose shape is unknown, tokens where a recording does not state them.</remarks>
sealed class PooledCost
{
    readonly double[] lengths;
    readonly Cost prompt, all;

    public PooledCost(ProblemSamples problem, ModelConfig? model)
    {
        lengths = [.. problem.Samples.Select(sample => sample.Tokens ?? double.NaN)];
        prompt = new()
        {
            PromptTokens = problem.PromptTokens ?? double.NaN,
            PromptFlops = model is not null && problem.PromptTokens is { } read ? ModelFlops.Prompt(model, read) : double.NaN,
        };
        all = problem.Samples.Aggregate(default(Cost), (cost, sample) => cost.Beside(new()
        {
            GeneratedTokens = sample.Tokens ?? double.NaN,
            GeneratedFlops = model is not null && problem.PromptTokens is { } before && sample.Tokens is { } written
                ? ModelFlops.Generation(model, before, written)
                : double.NaN,
            CriticalTokens = sample.Tokens ?? double.NaN,
        }));
    }

    /// <summary>Of k samples side by side, after the prompt; NaN tokens and operations where the pool has fewer.</summary>
    public Cost Of(int samples)
    {
        Cost drawn = all.Times(samples <= lengths.Length ? (double)samples / lengths.Length : double.NaN);
        return prompt + drawn with { CriticalTokens = ExpectedMaximum.Of(lengths, samples) };
    }
}
