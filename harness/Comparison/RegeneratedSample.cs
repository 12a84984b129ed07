using Harness.Records;

namespace Harness.Comparison;

/// <summary>A sample whose tokens moved, drawn again with the programs of both sides.</summary>
public sealed record RegeneratedSample
{
    public required string Experiment { get; init; }

    public required string Pool { get; init; }

    public required int Problem { get; init; }

    public required int Sample { get; init; }

    /// <summary>Why it can't be drawn here, as for want of its model; null where it was.</summary>
    public string? Refusal { get; init; }

    /// <summary>0-based; the number of equal tokens. Null where both sides draw the same tokens, or none.</summary>
    public int? Position { get; init; }

    /// <summary>A's token there; null where its sample has ended.</summary>
    public RegeneratedToken? Before { get; init; }

    /// <inheritdoc cref="Before"/>
    public RegeneratedToken? After { get; init; }

    /// <summary>Whether both programs ask the same, so that what they draw can be compared.</summary>
    public bool IsSamePrompt { get; init; } = true;

    /// <summary>Whether A's program draws the tokens that A has committed, by their hash.</summary>
    public bool IsCommittedBefore { get; init; } = true;

    /// <inheritdoc cref="IsCommittedBefore"/>
    public bool IsCommittedAfter { get; init; } = true;

    /// <summary>A sentence or two.</summary>
    public string Text =>
        $"{Experiment}, {Pool}, problem {CsvFields.Write(Problem)}, sample {CsvFields.Write(Sample)}, drawn again: {Found}";

    string Found => Refusal ?? (Position is { } position
        ? $"the tokens differ from token {CsvFields.Write(position + 1)} on: {Written(Before)} in A, {Written(After)} in B."
            + (IsSamePrompt ? "" : " The prompts differ, so that these are answers to two questions.") + NotCommitted
        : $"both programs draw the same tokens here, {Drawn}.");

    string NotCommitted => (IsCommittedBefore, IsCommittedAfter) switch
    {
        (true, true) => "",
        (false, true) => " A's program does not draw what A has committed.",
        (true, false) => " B's program does not draw what B has committed.",
        (false, false) => " Neither program draws what its side has committed.",
    };

    string Drawn => (IsCommittedBefore, IsCommittedAfter) switch
    {
        (true, false) => "those that A has committed: what B has committed came of something else",
        (false, true) => "those that B has committed: what A has committed came of something else",
        _ => "which neither side has committed: what both have came of something else",
    };

    static string Written(RegeneratedToken? token) => token?.ToString() ?? "ended";
}
