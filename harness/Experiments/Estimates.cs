using Harness.Kernels.Models;
using Harness.Records;
using Harness.Strategies;

namespace Harness.Experiments;

/// <summary>accuracy.csv from samples.csv.</summary>
public static class Estimates
{
    /// <summary>Every strategy of the manifest, in its order, over its pool's rows.</summary>
    /// <param name="samples">Sorted by (pool, problem, sample), complete.</param>
    public static IReadOnlyList<AccuracyRow> Of(Manifest manifest, ModelConfig model, IReadOnlyList<SampleRow> samples)
    {
        Dictionary<string, ProblemSamples[]> pools = samples.GroupBy(row => row.Pool).ToDictionary(rows => rows.Key, Problems);
        return
        [
            .. manifest.Strategies.SelectMany(strategy => AccuracyEstimator.Estimate(
                strategy.Pool, pools[strategy.Pool], StrategyRegistry.Find(strategy.Name, strategy.Verifier)!, strategy.Multipliers, model, manifest.Seed)),
        ];
    }

    static ProblemSamples[] Problems(IEnumerable<SampleRow> rows) =>
    [
        .. rows.GroupBy(row => row.Problem).Select(problem => new ProblemSamples(
            problem.Key, problem.First().Difficulty, problem.First().PromptTokens, [.. problem.Select(Pooled)])),
    ];

    static PooledSample Pooled(SampleRow row) =>
        new(row.Answer.Length == 0 ? null : row.Answer, row.Correct == 1, row.Tokens, row.Logprob, row.Reward);
}
