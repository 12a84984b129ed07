namespace Harness.Kernels.Sampling;

/// <summary>Fourth word of the random counter: what a draw is for, so that no two uses share a number. Values are never reused.</summary>
public enum RandomPurpose
{
    /// <summary>A token of a sample.</summary>
    Token = 0,

    /// <summary>The problems of a generated task.</summary>
    Problem = 1,

    /// <summary>Resampling of problems for intervals.</summary>
    Bootstrap = 2,

    /// <summary>Random subsets of a pool.</summary>
    Subset = 3,

    /// <summary>Weights of a synthetic model.</summary>
    Weight = 4,

    /// <summary>Which samples a verification regenerates.</summary>
    Verification = 5,
}
