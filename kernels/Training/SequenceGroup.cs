namespace Harness.Kernels.Training;

/// <summary>
/// Sequences of near-equal length, padded to one. The padding adds nothing to any number but takes its place in their order.
/// </summary>
public sealed record SequenceGroup
{
    /// <summary>Tokens of each sequence once it is padded: at least as many as the longest has.</summary>
    public required int PaddedLength { get; init; }

    /// <summary>At least one, in the order in which gradients are summed.</summary>
    public required IReadOnlyList<TrainingSequence> Sequences { get; init; }

    /// <summary>Predictions of a padded sequence.</summary>
    internal int RowsPerSequence => PaddedLength - 1;

    /// <summary>Sequences padded to the longest of them.</summary>
    public static SequenceGroup Of(IReadOnlyList<TrainingSequence> sequences) =>
        new() { PaddedLength = sequences.Max(sequence => sequence.Tokens.Length), Sequences = sequences };
}
