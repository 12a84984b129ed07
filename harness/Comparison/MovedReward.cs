using Harness.Records;

namespace Harness.Comparison;

/// <summary>What a verifier gave one sample on both sides.</summary>
/// <param name="After">The row of the later side.</param>
/// <param name="Before">The earlier reward.</param>
public readonly record struct MovedReward(RewardRow After, double Before);
