using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;

namespace Harness.Analysis;

/// <summary>What the strategies of a manifest read of samples.csv, and accuracy.csv from it.</summary>
public static class Estimates
{
    /// <summary>Every strategy of the manifest, in its order, over its pool's rows.</summary>
    public static IReadOnlyList<AccuracyRow> Of(Manifest manifest, ModelConfig model, IReadOnlyDictionary<PoolManifest, ProblemSamples[]> pools) =>
        [.. manifest.Strategies.SelectMany(strategy => AccuracyEstimator.Estimate(strategy, pools[strategy.Pool], model, manifest.Seed))];

    /// <summary>Each pool's problems.</summary>
    /// <param name="samples">Sorted by (pool, problem, sample), complete.</param>
    public static IReadOnlyDictionary<PoolManifest, ProblemSamples[]> PoolsOf(Manifest manifest, IReadOnlyList<SampleRow> samples)
    {
        ILookup<string, SampleRow> byPool = samples.ToLookup(row => row.Pool);
        return manifest.Pools.ToDictionary(pool => pool, pool => Problems(byPool[pool.Name]));
    }

    static ProblemSamples[] Problems(IEnumerable<SampleRow> rows) =>
    [
        .. rows.GroupBy(row => row.Problem).Select(problem => new ProblemSamples(
            problem.Key, problem.First().Difficulty, problem.First().PromptTokens, [.. problem.Select(Pooled)])),
    ];

    static PooledSample Pooled(SampleRow row) =>
        new(row.Answer.Length == 0 ? null : row.Answer, row.Correct == 1, row.Tokens, row.Logprob, row.Reward);
}
