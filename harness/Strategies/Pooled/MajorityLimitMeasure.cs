using Harness.Samples;
using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>Where a majority vote goes with samples without end, as far as all of a pool's samples tell.</summary>
public sealed class MajorityLimitMeasure : IPooledStrategy
{
    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "majority-limit",
        Summary = "the chance that the most probable answer is right, as far as all samples tell: where a majority vote goes, a measure "
            + "that returns no answer",
        VotesOnAnswers = true,
        IsMeasure = true,
        ReadsAllSamples = true,
        Create = _ => new MajorityLimitMeasure(),
    };

    public int SamplesFor(int multiplier) => multiplier;

    /// <summary>
    /// NaN of fewer samples than there are: which of them is not said. An answer that was not seen is not known to be right, and counts
    /// as wrong.
    /// </summary>
    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed)
    {
        AnswerTally tally = problem.TallyAnswers();
        if (multiplier != problem.Samples.Count)
            return StrategyEstimate.Exact(double.NaN, (_, _) => double.NaN);
        Lazy<double[]> shares = new(() => MajorityLimit.Shares(tally));
        return StrategyEstimate.Exact(Right(shares.Value, tally), (judged, _) => Right(shares.Value, judged));
    }

    static double Right(double[] shares, AnswerTally tally)
    {
        double right = 0;
        foreach ((int place, AnswerCount answer) in tally.Answers.Index())
            right += shares[place] * answer.Correctness;
        return Math.Min(right, 1);
    }
}
