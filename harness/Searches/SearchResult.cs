using Harness.Samples;
using Harness.Strategies;

namespace Harness.Searches;

/// <summary>One search of one problem, ended.</summary>
public sealed record SearchResult
{
    public required int Problem { get; init; }
    public required int Multiplier { get; init; }
    public required int Replicate { get; init; }

    /// <summary>Null where the search chose no path, or its text holds no answer.</summary>
    public required string? Answer { get; init; }
    public required bool Correct { get; init; }

    /// <summary>Everything that was spent, dropped branches included. Operations are NaN where the model's shape is unknown.</summary>
    public required Cost Cost { get; init; }

    /// <summary>By number, dropped ones too.</summary>
    public required IReadOnlyList<SearchPath> Paths { get; init; }
}
