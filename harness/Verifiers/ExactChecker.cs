using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>
/// The task's own checker, where it decides without the data's answers, as countdown's does: what picks a right answer among many can
/// then be deployed.
/// </summary>
public sealed class ExactChecker : ITextVerifier
{
    public string Name => "exact-checker";

    public string Summary => "1 where the task's own checker accepts the answer, for tasks that check without knowing it";

    public bool NeedsFreeChecker => true;

    public double Reward(VerifiedText answer) => answer.IsAccepted ? 1 : 0;

    public double Weight(double reward) => reward;
}
