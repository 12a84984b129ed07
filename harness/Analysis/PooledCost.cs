using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Samples;
using Harness.Statistics;

namespace Harness.Analysis;

/// <summary>What k samples of one problem cost, as the expectation over its pool: the prompt once, each token at its position.</summary>
/// <remarks>Operations are NaN for a model whose shape is unknown.</remarks>
sealed class PooledCost
{
    readonly double[] lengths;
    readonly Cost prompt, all;

    public PooledCost(ProblemSamples problem, ModelConfig? model)
    {
        lengths = [.. problem.Samples.Select(sample => (double)sample.Tokens)];
        prompt = new()
        {
            PromptTokens = problem.PromptTokens,
            PromptFlops = model is null ? double.NaN : ModelFlops.Prompt(model, problem.PromptTokens),
        };
        all = problem.Samples.Aggregate(default(Cost), (cost, sample) => cost.Beside(new()
        {
            GeneratedTokens = sample.Tokens,
            GeneratedFlops = model is null ? double.NaN : ModelFlops.Generation(model, problem.PromptTokens, sample.Tokens),
            CriticalTokens = sample.Tokens,
        }));
    }

    /// <summary>Of k samples side by side, after the prompt; NaN tokens and operations where the pool has fewer.</summary>
    public Cost Of(int samples)
    {
        Cost drawn = all.Times(samples <= lengths.Length ? (double)samples / lengths.Length : double.NaN);
        return prompt + drawn with { CriticalTokens = ExpectedMaximum.Of(lengths, samples) };
    }
}
