using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>A verifier that reads texts. What it gives is kept in rewards.csv, so that analyses need neither texts nor model.</summary>
public interface ITextVerifier : IVerifier
{
    /// <summary>Whether the task's checker decides without the data's own answers, where the verifier asks it.</summary>
    bool NeedsFreeChecker { get; }

    /// <summary>Whether the task must check steps.</summary>
    bool NeedsSteps => false;

    /// <summary>Higher is better; never NaN.</summary>
    double Reward(VerifiedText answer);

    double[] IVerifier.Rewards(ProblemSamples problem) => problem.Rewards[Name];
}
