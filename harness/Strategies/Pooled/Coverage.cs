using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>k samples and an exact checker that finds a right one among them: pass@k.</summary>
public sealed class Coverage : IStrategy
{
    public string Name => "coverage";

    public bool VotesOnAnswers => false;

    public int SamplesFor(int multiplier) => multiplier;

    public double Accuracy(ProblemSamples problem, int multiplier, ulong seed) =>
        PassAtK.Coverage(problem.Samples.Count, problem.CorrectCount, multiplier);
}
