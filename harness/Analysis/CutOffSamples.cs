using Harness.Samples;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>
/// What a strategy would be worth if each sample that was cut off at MaxTokens were wrong, or right: the two bounds on what more room for
/// them can change.
/// </summary>
static class CutOffSamples
{
    /// <summary>Stands for the right answer where answers are checked without one.</summary>
    const string SomeRightAnswer = "\0right";

    /// <summary>Of each problem; null where it is not known of a sample whether it was cut off.</summary>
    public static double[]? Accuracies(
        PoolEstimates pool, IPooledStrategy strategy, int multiplier, StrategyEstimate[] estimates, bool areRight)
    {
        IReadOnlyList<ProblemSamples> problems = pool.Problems;
        if (problems.Any(problem => problem.Samples.Any(sample => sample.CutOff is null)))
            return null;
        double[] accuracies = new double[problems.Count];
        Parallel.For(0, accuracies.Length, i => accuracies[i] = problems[i].Samples.Any(sample => sample.CutOff == true)
            ? strategy.Estimate(Judged(problems[i], areRight), multiplier, pool.Seed).Own.Accuracy
            : estimates[i].Own.Accuracy);
        return accuracies;
    }

    static ProblemSamples Judged(ProblemSamples problem, bool areRight) => problem with
    {
        Samples =
        [
            .. problem.Samples.Select(sample => sample.CutOff != true ? sample
                : sample with { Correct = areRight, Answer = areRight ? problem.Gold ?? SomeRightAnswer : null }),
        ],
    };
}
