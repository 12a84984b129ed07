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

    /// <summary>Of each multiplier, of each problem; null where it is not known of a sample whether it was cut off.</summary>
    /// <param name="estimates">As the samples are judged: by multiplier, of each problem.</param>
    public static double[][]? Accuracies(
        PoolEstimates pool, IPooledStrategy strategy, IReadOnlyList<int> multipliers, StrategyEstimate[][] estimates, bool areRight)
    {
        IReadOnlyList<ProblemSamples> problems = pool.Problems;
        if (problems.Any(problem => problem.Samples.Any(sample => sample.CutOff is null)))
            return null;
        double[][] accuracies = [.. estimates.Select(ofProblems => ofProblems.Select(estimate => estimate.Own.Accuracy).ToArray())];
        Parallel.For(0, problems.Count, i =>
        {
            if (problems[i].Samples.All(sample => sample.CutOff != true))
                return;
            StrategyEstimate[] judged = strategy.Estimate(Judged(problems[i], areRight), multipliers, pool.Seed);
            for (int place = 0; place < judged.Length; place++)
                accuracies[place][i] = judged[place].Own.Accuracy;
        });
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
