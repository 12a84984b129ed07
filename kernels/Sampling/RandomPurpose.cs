namespace Harness.Kernels.Sampling;

/// <summary>
/// What a random number is drawn for: the fourth word of its Philox counter. Every use of random numbers in the project is listed here
/// with a value of its own, so that no two uses share a draw. A value never changes, since results depend on it.
/// </summary>
public enum RandomPurpose : uint
{
    /// <summary>The token at one position of one sample; Sampling.cu starts its counter with the same 0.</summary>
    Token = 0,

    /// <summary>A problem of the task sum.</summary>
    SumProblem = 0x100,

    /// <summary>A worked example in a prompt of the task sum.</summary>
    SumExample = 0x101,

    /// <summary>A problem of the task countdown.</summary>
    CountdownProblem = 0x102,

    /// <summary>A worked example in a prompt of the task countdown.</summary>
    CountdownExample = 0x103,

    /// <summary>The problems that a bootstrap resample draws.</summary>
    Bootstrap = 0x53540001,

    /// <summary>The swaps of a paired permutation test.</summary>
    Permutation = 0x53540003,

    /// <summary>The points that a law's refit draws.</summary>
    LawPoints = 0x53540004,

    /// <summary>The held-out points that a law's error is resampled over.</summary>
    HeldOutPoints = 0x53540005,

    /// <summary>The orders in which votes draw samples.</summary>
    Order = 0x53540006,

    /// <summary>The problems that a law's refit to a pool draws.</summary>
    LawProblems = 0x53540007,

    /// <summary>The arrangement of a problem's samples that such orders are read in.</summary>
    Arrangement = 0x53540008,

    /// <summary>The rate of a simulated model's problem, and its shared draw.</summary>
    SimulatedRate = 0x53494D01,

    /// <summary>A sample of a simulated model.</summary>
    SimulatedSample = 0x53494D02,

    /// <summary>The samples that a partial check of committed results generates again.</summary>
    VerifiedSample = 0x56455249,

    /// <summary>A model's weights before its training.</summary>
    InitialWeight = 0x494E4954,

    /// <summary>A sequence that a training learns from.</summary>
    TrainingSequence = 0x54524E01,

    /// <summary>A sequence that a training's loss is validated on.</summary>
    ValidationSequence = 0x54524E02,

    /// <summary>The order in which a file's texts are passed over.</summary>
    TrainingOrder = 0x54524E03,

    /// <summary>A problem of which the entropy of its solution is worked out.</summary>
    EntropyProblem = 0x54524E04,

    /// <summary>How often a step of a looped model passes its layers.</summary>
    TrainingLoops = 0x54524E05,

    /// <summary>The inputs of the units by which the arithmetic is checked.</summary>
    NumericUnit = 0x554E4954,
}
