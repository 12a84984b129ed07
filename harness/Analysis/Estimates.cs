using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Verifiers;

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
    /// <param name="judges">Shapes of reward models, by their folders: what reading takes is counted from them.</param>
    public static IReadOnlyDictionary<PoolManifest, ProblemSamples[]> PoolsOf(
        Manifest manifest, SampleFiles files, IReadOnlyDictionary<string, ModelConfig> judges)
    {
        IReadOnlyDictionary<string, ProblemSamples[]> pools = PoolsOf(files, judges);
        return manifest.Pools.ToDictionary(pool => pool, pool => pools.GetValueOrDefault(pool.Name, []));
    }

    /// <summary>The problems of each pool that has samples, by its name.</summary>
    /// <param name="judges">As of the other; null: nothing is counted.</param>
    public static IReadOnlyDictionary<string, ProblemSamples[]> PoolsOf(
        SampleFiles files, IReadOnlyDictionary<string, ModelConfig>? judges = null)
    {
        ILookup<string, SampleRow> samples = files.Samples.ToLookup(row => row.Pool);
        Dictionary<(string, int), string> golds = files.Problems.ToDictionary(row => (row.Pool, row.Problem), row => row.Gold);
        ILookup<(string, int), RewardRow> rewards = files.Rewards.ToLookup(row => (row.Pool, row.Problem));
        return samples.ToDictionary(pool => pool.Key, pool => pool.GroupBy(row => row.Problem).Select(problem => new ProblemSamples(
            problem.Key, problem.First().Difficulty, problem.First().PromptTokens, [.. problem.Select(Pooled)])
        {
            Gold = golds.GetValueOrDefault((pool.Key, problem.Key)) is { Length: > 0 } gold ? gold : null,
            Rewards = RewardsOf(rewards[(pool.Key, problem.Key)]),
            Judging = JudgingOf([.. problem], [.. rewards[(pool.Key, problem.Key)]], judges),
        }).ToArray());
    }

    /// <summary>Names of the rewards that a reward model may give, by its folder: of its last step, the lowest, the product.</summary>
    public static IEnumerable<string> NamesOf(string folder) => Enum.GetValues<StepReward>().Select(of => RewardModel.NameOf(folder, of));

    static Dictionary<string, double[]> RewardsOf(IEnumerable<RewardRow> rows)
    {
        Dictionary<string, double[]> rewards = [];
        foreach (IGrouping<string, RewardRow> verifier in rows.GroupBy(row => row.Verifier))
        {
            RewardRow[] ordered = [.. verifier.OrderBy(row => row.Sample)];
            rewards.Add(verifier.Key, [.. ordered.Select(row => row.Reward)]);
            if (ordered.Any(row => row.Min is null || row.Product is null))
                continue;
            rewards.Add(RewardModel.NameOf(verifier.Key, StepReward.Min), [.. ordered.Select(row => row.Min!.Value)]);
            rewards.Add(RewardModel.NameOf(verifier.Key, StepReward.Product), [.. ordered.Select(row => row.Product!.Value)]);
        }
        return rewards;
    }

    static Dictionary<string, JudgingCost> JudgingOf(
        SampleRow[] samples, RewardRow[] rewards, IReadOnlyDictionary<string, ModelConfig>? judges)
    {
        Dictionary<string, JudgingCost> costs = [];
        foreach ((string folder, ModelConfig shape) in judges ?? new Dictionary<string, ModelConfig>())
        {
            Dictionary<int, RewardRow> read = rewards.Where(row => row.Verifier == folder).ToDictionary(row => row.Sample);
            if (read.Count < samples.Length || samples[0].PromptTokens is not { } prompt)
                continue;
            costs.Add(folder, new JudgingCost(
                new Cost { VerifierTokens = prompt, VerifierFlops = ModelFlops.Reading(shape, 0, prompt, 0) },
                [
                    .. samples.OrderBy(row => row.Sample).Select(row => new Cost
                    {
                        VerifierTokens = row.Tokens ?? double.NaN,
                        VerifierFlops = row.Tokens is { } tokens
                            ? ModelFlops.Reading(shape, prompt, tokens, read[row.Sample].Places) : double.NaN,
                    }),
                ]));
        }
        return costs;
    }

    static PooledSample Pooled(SampleRow row) =>
        new(row.Answer.Length == 0 ? null : row.Answer, row.Correct == 1, row.Tokens, row.Logprob,
            row.Finish.Length == 0 ? null : row.Finish == SampleRow.CutOff);
}
