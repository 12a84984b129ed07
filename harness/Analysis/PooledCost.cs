using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;
using Harness.Verifiers;

namespace Harness.Analysis;

/// <summary>What k samples of one problem cost, as the expectation over its pool: the prompt once, each token at its position.</summary>
/// <remarks>Operations are NaN for a model whose shape is unknown, tokens where a recording does not state them.</remarks>
sealed class PooledCost
{
    /// <summary>Of each sample.</summary>
    readonly double[] lengths, flops;
    readonly Cost prompt, all;
    readonly ExpectedMaximum longest;
    readonly Dictionary<int, double> critical = [];
    readonly IReadOnlyDictionary<string, JudgingCost> judging;

    public PooledCost(ProblemSamples problem, ModelConfig? model)
    {
        lengths = [.. problem.Samples.Select(sample => sample.Tokens ?? double.NaN)];
        prompt = new()
        {
            PromptTokens = problem.PromptTokens ?? double.NaN,
            PromptFlops = model is not null && problem.PromptTokens is { } read ? ModelFlops.Prompt(model, read) : double.NaN,
        };
        flops =
        [
            .. problem.Samples.Select(sample => model is not null && problem.PromptTokens is { } before && sample.Tokens is { } written
                ? ModelFlops.Generation(model, before, written) : double.NaN),
        ];
        judging = problem.Judging;
        longest = new(lengths);
        all = new() { GeneratedTokens = lengths.Sum(), GeneratedFlops = flops.Sum() };
    }

    /// <summary>
    /// Of k samples side by side, after the prompt; NaN tokens and operations where the pool has fewer. The longest of k is found once for
    /// all strategies.
    /// </summary>
    public Cost Of(int count)
    {
        Cost drawn = all.Times(count <= lengths.Length ? (double)count / lengths.Length : double.NaN);
        if (!critical.TryGetValue(count, out double tokens))
            critical.Add(count, tokens = longest.Of(count));
        return prompt + drawn with { CriticalTokens = tokens };
    }

    /// <summary>Of what a strategy draws at a multiplier, and of the model that verifies all of it.</summary>
    public Cost Of(StrategyManifest reader, int multiplier, StrategyEstimate estimate)
    {
        int count = reader.Strategy.SamplesFor(multiplier);
        Cost drawn = estimate.Drawn is { } chances ? Of(chances) : Of(count);
        return reader.Verifier is RewardModel judge ? drawn + Judged(judge, count, estimate.Drawn) : drawn;
    }

    /// <summary>Of k samples, each as likely as any other, or with the chances that they are drawn with.</summary>
    Cost Judged(RewardModel judge, int count, DrawnSamples? drawn)
    {
        if (!judging.TryGetValue(judge.Folder, out JudgingCost? cost))
            return new Cost { VerifierTokens = double.NaN, VerifierFlops = double.NaN };
        double share = count <= lengths.Length ? (double)count / lengths.Length : double.NaN;
        return cost.Samples.Index().Aggregate(cost.Prompt,
            (sum, sample) => sum + sample.Item.Times(drawn is null ? share : drawn.Chances[sample.Index]));
    }

    /// <summary>Of samples that are drawn with these chances.</summary>
    Cost Of(DrawnSamples drawn)
    {
        (double tokens, double operations) = (0, 0);
        for (int sample = 0; sample < lengths.Length; sample++)
        {
            tokens += lengths[sample] * drawn.Chances[sample];
            operations += flops[sample] * drawn.Chances[sample];
        }
        return prompt + new Cost { GeneratedTokens = tokens, GeneratedFlops = operations, CriticalTokens = drawn.CriticalTokens };
    }
}
