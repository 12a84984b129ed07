namespace Harness.Verifiers;

/// <summary>How the rewards of an answer's steps become one.</summary>
public enum StepReward
{
    /// <summary>That of the last step: of a value, what it says in the end.</summary>
    Last,

    /// <summary>The lowest: an answer is as good as its worst step.</summary>
    Min,

    /// <summary>The product: that all steps are good, if they were independent.</summary>
    Product,
}
