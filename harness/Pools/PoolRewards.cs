using Harness.Records;
using Harness.Verifiers;

namespace Harness.Pools;

/// <summary>What reward models say of a pool's samples.</summary>
public static class PoolRewards
{
    /// <summary>Texts that pass a model together.</summary>
    const int Together = 1024;

    /// <param name="samples">Of the pool, in the order of the rows.</param>
    /// <param name="name">Of the reward model.</param>
    /// <param name="reader">With the model loaded.</param>
    public static RewardRow[] Of(PlannedPool pool, IReadOnlyList<LoggedGeneration> samples, string name, RewardReader reader) =>
    [
        .. samples.Chunk(Together).SelectMany(chunk => chunk.Zip(
            reader.Read([.. chunk.Select(sample =>
                new JudgedText(pool.Prompts[sample.Generation.Problem].Tokens, sample.Generation.Tokens))]),
            (sample, reward) => new RewardRow
            {
                Pool = pool.Manifest.Name,
                Problem = sample.Generation.Problem,
                Sample = sample.Generation.Sample,
                Verifier = name,
                Reward = reward.Last,
                Min = reward.Min,
                Product = reward.Product,
                Places = reward.Places,
            })),
    ];
}
