namespace Harness.History;

/// <summary>Which part of a history is asked for; an empty list stands for all.</summary>
sealed record HistorySelection
{
    public IReadOnlyList<string> Pools { get; init; } = [];
    public IReadOnlyList<string> Strategies { get; init; } = [];

    /// <summary>Where none is named, of each strategy of a pool the largest that its newest rows have.</summary>
    public IReadOnlyList<int> Multipliers { get; init; } = [];

    public IReadOnlyList<HistoryMetric> Metrics { get; init; } = [];

    /// <summary>The history begins with the results that this commit has; null for all of it.</summary>
    public string? Since { get; init; }

    /// <summary>Only so many of the newest points; null for all.</summary>
    public int? Last { get; init; }

    /// <summary>A smaller difference in accuracy does not matter; 0 where none is stated.</summary>
    public double Margin { get; init; }

    public bool Has(HistoryMetric metric) => Metrics.Count == 0 || Metrics.Contains(metric);

    /// <summary>Whether any number of accuracy.csv is asked for.</summary>
    public bool HasExact => Metrics.Count == 0 || Metrics.Any(metric => metric != HistoryMetric.TokensPerSecond);
}
