namespace Harness.Verifiers;

/// <summary>What a verifier says of one answer, each in [0, 1] of a reward model.</summary>
/// <param name="Last">At its last token; of a verifier without steps, its reward.</param>
/// <param name="Min">The lowest of its steps; null without steps.</param>
/// <param name="Product">Of its steps, rounded to float32; null without steps.</param>
/// <param name="Places">Places at which a model was read; 0 where none was.</param>
public readonly record struct SampleReward(double Last, double? Min = null, double? Product = null, int Places = 0)
{
    /// <summary>Of an answer that was read at some places.</summary>
    /// <param name="rewards">In their order; at least one.</param>
    /// <param name="kind">Of an outcome the last one alone counts.</param>
    public static SampleReward Of(IReadOnlyList<double> rewards, RewardKind kind)
    {
        double product = 1;
        foreach (double reward in rewards)
            product *= reward;
        return kind == RewardKind.Outcome
            ? new SampleReward(rewards[^1], Places: rewards.Count)
            : new SampleReward(rewards[^1], rewards.Min(), (float)product, rewards.Count);
    }
}
