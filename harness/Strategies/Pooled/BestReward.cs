using Harness.Statistics;
using Harness.Verifiers;

namespace Harness.Strategies.Pooled;

/// <summary>The sample among k that the verifier rewards most.</summary>
public sealed class BestReward(IVerifier verifier) : IStrategy
{
    public string Name => "best-of-n";

    public bool VotesOnAnswers => false;

    public bool ReadsVerifier => true;

    public int SamplesFor(int multiplier) => multiplier;

    public double Accuracy(ProblemSamples problem, int multiplier, ulong seed)
    {
        double[] rewards = [.. problem.Samples.Select(verifier.Reward)];
        bool[] correct = [.. problem.Samples.Select(sample => sample.Correct)];
        return BestOfN.Estimate(rewards, correct, multiplier);
    }
}
