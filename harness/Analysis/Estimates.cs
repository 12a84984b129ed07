using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;

namespace Harness.Analysis;

/// <summary>What the strategies of a manifest read of the exact files of samples, and accuracy.csv from it.</summary>
public static class Estimates
{
    /// <summary>Every strategy of the manifest, in its order, over its pool's rows.</summary>
    public static IReadOnlyList<AccuracyRow> Of(
        Manifest manifest, ModelConfig? model, IReadOnlyDictionary<PoolManifest, PoolEstimates> pools)
    {
        Dictionary<StrategyManifest, IReadOnlyList<AccuracyRow>> rows = [];
        foreach (PoolManifest pool in manifest.Pools)
        {
            StrategyManifest[] readers = [.. manifest.Strategies.Where(strategy => strategy.Pool == pool)];
            foreach ((StrategyManifest reader, IReadOnlyList<AccuracyRow> estimated) in readers.Zip(
                new AccuracyEstimator(pools[pool], model).Estimate(readers)))
                rows.Add(reader, estimated);
        }
        return [.. manifest.Strategies.SelectMany(strategy => rows[strategy])];
    }

    /// <summary>What the manifest's strategies are worth on a pool of it.</summary>
    public static PoolEstimates Of(Manifest manifest, PoolManifest pool, IReadOnlyList<ProblemSamples> problems) => new(
        problems, manifest.Seed, manifest.Strategies.Where(reader => reader.Pool == pool)
            .ToDictionary(reader => reader.Strategy, reader => reader.Multipliers));

    /// <summary>Each pool's problems.</summary>
    public static IReadOnlyDictionary<PoolManifest, ProblemSamples[]> PoolsOf(Manifest manifest, SampleFiles files)
    {
        IReadOnlyDictionary<string, ProblemSamples[]> pools = PoolsOf(files);
        return manifest.Pools.ToDictionary(pool => pool, pool => pools.GetValueOrDefault(pool.Name, []));
    }

    /// <summary>The problems of each pool that has samples, by its name.</summary>
    public static IReadOnlyDictionary<string, ProblemSamples[]> PoolsOf(SampleFiles files)
    {
        ILookup<string, SampleRow> samples = files.Samples.ToLookup(row => row.Pool);
        Dictionary<(string, int), string> golds = files.Problems.ToDictionary(row => (row.Pool, row.Problem), row => row.Gold);
        ILookup<(string, int), RewardRow> rewards = files.Rewards.ToLookup(row => (row.Pool, row.Problem));
        return samples.ToDictionary(pool => pool.Key, pool => pool.GroupBy(row => row.Problem).Select(problem => new ProblemSamples(
            problem.Key, problem.First().Difficulty, problem.First().PromptTokens, [.. problem.Select(Pooled)])
        {
            Gold = golds.GetValueOrDefault((pool.Key, problem.Key)) is { Length: > 0 } gold ? gold : null,
            Rewards = rewards[(pool.Key, problem.Key)].GroupBy(row => row.Verifier)
                .ToDictionary(
                    verifier => verifier.Key, verifier => verifier.OrderBy(row => row.Sample).Select(row => row.Reward).ToArray()),
        }).ToArray());
    }

    static PooledSample Pooled(SampleRow row) =>
        new(row.Answer.Length == 0 ? null : row.Answer, row.Correct == 1, row.Tokens, row.Logprob,
            row.Finish.Length == 0 ? null : row.Finish == SampleRow.CutOff);
}
