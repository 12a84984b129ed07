namespace Harness.Samples;

/// <summary>A whole answer as a verifier sees it.</summary>
/// <param name="Problem">What was asked.</param>
/// <param name="Text">What was written, without the end token.</param>
/// <param name="Tokens">Its token ids, the end token included; none of a recorded sample, of which only the text is known.</param>
/// <param name="IsAccepted">What the task's own checker says of it.</param>
public readonly record struct VerifiedText(Problem Problem, string Text, IReadOnlyList<int> Tokens, bool IsAccepted)
{
    /// <summary>The share of its steps before the first wrong one; null where the task checks none.</summary>
    public double? RightSteps { get; init; }
}
