namespace Harness.Strategies.Pooled;

/// <summary>The most likely answer, token by token: the one sample of a pool at temperature 0. More compute changes nothing.</summary>
public sealed class Greedy : IStrategy
{
    public string Name => "greedy";

    public bool VotesOnAnswers => false;

    public bool NeedsGreedyDecoding => true;

    public int SamplesFor(int multiplier) => 1;

    public double Accuracy(ProblemSamples problem, int multiplier, ulong seed) =>
        problem.Samples.Count == 0 ? double.NaN : problem.Samples[0].Correct ? 1 : 0;
}
