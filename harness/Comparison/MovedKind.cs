namespace Harness.Comparison;

/// <summary>What moved first in an experiment: a later kind is said only where no earlier one holds.</summary>
public enum MovedKind
{
    /// <summary>Models that it makes were trained otherwise.</summary>
    Models,

    /// <summary>Samples have other tokens, or there are other samples.</summary>
    Tokens,

    /// <summary>The same tokens are read or judged otherwise.</summary>
    Judged,

    /// <summary>The same tokens and answers have other log-probabilities, rewards or lengths of prompts.</summary>
    Scored,

    /// <summary>The same samples are estimated otherwise.</summary>
    Estimated,

    /// <summary>The same values stand in other columns or files.</summary>
    Schema,

    /// <summary>Nothing moved.</summary>
    Identical,
}
