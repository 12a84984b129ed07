using Harness.Kernels.Configuration;
using Harness.Kernels.Models;

namespace Harness.Kernels.Training;

/// <summary>What one step learns from.</summary>
/// <remarks>
/// Gradients are summed over predictions in the declared order: groups, in each its sequences, in each its positions, padding among them,
/// in blocks of 64 that begin anew with each group. The same sequences in another order, or padded further, are another batch.
/// </remarks>
/// <param name="groups">At least one.</param>
public sealed class TrainingBatch(IReadOnlyList<SequenceGroup> groups)
{
    /// <summary>In their order.</summary>
    public IReadOnlyList<SequenceGroup> Groups => groups;

    /// <summary>Tokens without padding.</summary>
    public long Tokens => groups.Sum(group => group.Sequences.Sum(sequence => (long)sequence.Tokens.Length));

    /// <summary>Tokens with padding.</summary>
    public long PaddedTokens => groups.Sum(group => (long)group.PaddedLength * group.Sequences.Count);

    /// <summary>Tokens that count in the loss.</summary>
    public long LossTokens =>
        groups.Sum(group => group.Sequences.Sum(sequence => sequence.Weights.Skip(1).LongCount(weight => weight > 0)));

    /// <summary>Operations of a step with this batch, without padding.</summary>
    public TrainingFlops Flops(ModelConfig config) => groups
        .SelectMany(group => group.Sequences)
        .Aggregate(default(TrainingFlops), (sum, sequence) => sum + TrainingFlops.Of(config, sequence.Predictions));
}
