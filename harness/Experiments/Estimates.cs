using Harness.Kernels.Configuration;
using Harness.Records;
using Harness.Strategies;
using Harness.Verifiers;

namespace Harness.Experiments;

/// <summary>What the strategies of a manifest read of samples.csv, and accuracy.csv from it.</summary>
public static class Estimates
{
    /// <summary>Every strategy of the manifest, in its order, over its pool's rows.</summary>
    public static IReadOnlyList<AccuracyRow> Of(Manifest manifest, ModelConfig model, IReadOnlyDictionary<string, ProblemSamples[]> pools) =>
    [
        .. manifest.Strategies.SelectMany(strategy => AccuracyEstimator.Estimate(
            strategy.Pool, pools[strategy.Pool], StrategyRegistry.Find(strategy.Name, strategy.Verifier)!, strategy.Multipliers, model, manifest.Seed)),
    ];

    /// <summary>Each pool's problems, by its name.</summary>
    /// <param name="samples">Sorted by (pool, problem, sample), complete.</param>
    public static IReadOnlyDictionary<string, ProblemSamples[]> PoolsOf(IReadOnlyList<SampleRow> samples) =>
        samples.GroupBy(row => row.Pool).ToDictionary(rows => rows.Key, Problems);

    /// <summary>Whose reward samples.csv holds: the verifier that the pool's strategies read, null where they read none or several.</summary>
    public static IVerifier? VerifierOf(Manifest manifest, string pool)
    {
        string[] read =
        [
            .. manifest.Strategies.Where(strategy => strategy.Pool == pool && StrategyRegistry.Find(strategy.Name)!.ReadsVerifier)
                .Select(strategy => strategy.Verifier ?? StrategyRegistry.DefaultVerifier).Distinct(),
        ];
        return read.Length == 1 ? VerifierRegistry.Find(read[0]) : null;
    }

    static ProblemSamples[] Problems(IEnumerable<SampleRow> rows) =>
    [
        .. rows.GroupBy(row => row.Problem).Select(problem => new ProblemSamples(
            problem.Key, problem.First().Difficulty, problem.First().PromptTokens, [.. problem.Select(Pooled)])),
    ];

    static PooledSample Pooled(SampleRow row) =>
        new(row.Answer.Length == 0 ? null : row.Answer, row.Correct == 1, row.Tokens, row.Logprob, row.Reward);
}
