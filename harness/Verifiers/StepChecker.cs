using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>
/// The task's own checker of steps: the share of an answer's steps before the first wrong one. Where steps can be checked, no reward
/// model can judge them better.
/// </summary>
public sealed class StepChecker : ITextVerifier
{
    public string Name => "step-checker";

    public string Summary => "the share of the answer's steps before the first wrong one, for tasks that check steps";

    public bool NeedsFreeChecker => false;

    /// <inheritdoc/>
    public bool NeedsSteps => true;

    public double Reward(VerifiedText answer) => answer.RightSteps
        ?? throw new InvalidOperationException("an answer without steps is scored by them");

    public double Weight(double reward) => reward;
}
