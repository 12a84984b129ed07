using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>One sample, taken as it comes: the mean over all that the pool has. On a pool at temperature 0 it is greedy decoding.</summary>
public sealed class SingleSample : IStrategy
{
    public string Name => "single";

    public bool VotesOnAnswers => false;

    public int SamplesFor(int multiplier) => 1;

    public double Accuracy(ProblemSamples problem, int multiplier, ulong seed) =>
        PassAtK.Coverage(problem.Samples.Count, problem.CorrectCount, 1);
}
