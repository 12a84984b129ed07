namespace Harness.Tasks;

/// <summary>
/// Which problems of a generated task are asked. Each problem belongs to one split for good, by a hash of its canonical form, whatever seed
/// drew it: so what a model was trained on can't be what it is tested on.
/// </summary>
public enum ProblemSplit
{
    /// <summary>All that is neither test nor validation.</summary>
    Train,

    /// <summary>1 in 16.</summary>
    Validation,

    /// <summary>1 in 8: never trained on, sampled for reinforcement learning, or used to label rewards.</summary>
    Test,

    /// <summary>Every problem, of whatever split.</summary>
    All,
}
