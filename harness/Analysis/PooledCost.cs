using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>What k samples of one problem cost, as the expectation over its pool: the prompt once, each token at its position.</summary>
/// <remarks>Operations are NaN for a model whose shape is unknown.</remarks>
sealed class PooledCost
{
    readonly double[] lengths;
    readonly Cost[] samples;
    readonly Cost prompt, all;

    public PooledCost(ProblemSamples problem, ModelConfig? model)
    {
        lengths = [.. problem.Samples.Select(sample => (double)sample.Tokens)];
        prompt = new()
        {
            PromptTokens = problem.PromptTokens,
            PromptFlops = model is null ? double.NaN : ModelFlops.Prompt(model, problem.PromptTokens),
        };
        samples =
        [
            .. problem.Samples.Select(sample => new Cost
            {
                GeneratedTokens = sample.Tokens,
                GeneratedFlops = model is null ? double.NaN : ModelFlops.Generation(model, problem.PromptTokens, sample.Tokens),
                CriticalTokens = sample.Tokens,
            }),
        ];
        all = samples.Aggregate(default(Cost), (cost, sample) => cost.Beside(sample));
    }

    /// <summary>Of k samples side by side, after the prompt; NaN tokens and operations where the pool has fewer.</summary>
    public Cost Of(int count)
    {
        Cost drawn = all.Times(count <= lengths.Length ? (double)count / lengths.Length : double.NaN);
        return prompt + drawn with { CriticalTokens = ExpectedMaximum.Of(lengths, count) };
    }

    /// <summary>Of samples that are drawn with these chances.</summary>
    public Cost Of(DrawnSamples drawn) => prompt + samples
        .Zip(drawn.Chances, (sample, chance) => sample.Times(chance))
        .Aggregate(default(Cost), (cost, sample) => cost.Beside(sample)) with { CriticalTokens = drawn.CriticalTokens };
}
