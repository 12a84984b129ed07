namespace Harness.Manifests;

/// <summary>What a gate looks at.</summary>
public enum GateMetric
{
    /// <summary>Of a strategy at a multiplier: an estimate, with an interval.</summary>
    Accuracy,

    /// <summary>Tokens generated for a problem, by a strategy at a multiplier. Exact.</summary>
    Tokens,

    /// <summary>Logical operations for a problem, of all kinds, by a strategy at a multiplier. Exact.</summary>
    Flops,

    /// <summary>The share of a pool's samples that were cut off. Exact.</summary>
    CutOff,

    /// <summary>The share of a pool's samples in which no answer was found. Exact.</summary>
    NoAnswer,

    /// <summary>Tokens generated a second. Measured, with a spread.</summary>
    TokensPerSecond,
}
