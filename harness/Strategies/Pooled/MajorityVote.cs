using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>The answer that most of k samples give (self-consistency, Wang et al. 2022, arXiv 2203.11171).</summary>
public sealed class MajorityVote : IStrategy
{
    public string Name => "majority-vote";

    public bool VotesOnAnswers => true;

    public int SamplesFor(int multiplier) => multiplier;

    public double Accuracy(ProblemSamples problem, int multiplier, ulong seed) => MajorityAtK.Estimate(problem.TallyAnswers(), multiplier);
}
