namespace Harness.History;

/// <summary>A number of committed results that a history follows.</summary>
enum HistoryMetric
{
    /// <summary>Exact: of accuracy.csv, like <see cref="Tokens"/> and <see cref="Flops"/>.</summary>
    Accuracy,

    /// <summary>Generated tokens, a mean over problems.</summary>
    Tokens,

    /// <summary>Logical operations, a mean over problems.</summary>
    Flops,

    /// <summary>Measured: of the machines' throughput.csv.</summary>
    TokensPerSecond,
}
