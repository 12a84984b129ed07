namespace Harness.Statistics;

/// <summary>
/// The estimators as <see cref="ChanceBaseline"/> takes them. A vote's accuracy is the sum over right answers of their chance of winning,
/// which does not depend on what is right. So the chances are counted once for each problem, for all golds together.
/// </summary>
public static class ChanceEstimators
{
    /// <summary>One sample as it comes. It also serves greedy decoding, which has one sample.</summary>
    public static Func<int, ScoredEstimator> OneSample { get; } = Coverage(1);

    /// <summary>pass@k.</summary>
    public static Func<int, ScoredEstimator> Coverage(int k) =>
        _ => (_, correct) => PassAtK.Coverage(correct.Length, correct.Count(true), k);

    /// <summary>majority@k.</summary>
    public static Func<int, ScoredEstimator> Majority(int k) => _ => OfShares(k, tally => MajorityAtK.Shares(tally, k));

    /// <summary>best-of-n@k.</summary>
    /// <param name="rewards">For each problem the rewards of its samples.</param>
    public static Func<int, ScoredEstimator> BestOf(IReadOnlyList<double[]> rewards, int k) =>
        problem => (_, correct) => BestOfN.Estimate(rewards[problem], correct, k);

    /// <summary>A weighted vote at k, over the same subsets as the estimate itself.</summary>
    /// <param name="weights">For each problem the weights of its samples, in [0, 1].</param>
    /// <param name="problems">Each problem's number, which names its random subsets.</param>
    public static Func<int, ScoredEstimator> WeightedMajority(
        IReadOnlyList<double[]> weights, IReadOnlyList<int> problems, int k, ulong seed) =>
        problem => OfShares(k, tally => Statistics.WeightedMajority.Shares(tally, weights[problem], k, seed, problems[problem]));

    static ScoredEstimator OfShares(int k, Func<AnswerTally, double[]> count)
    {
        double[]? shares = null;
        return (tally, correct) =>
        {
            if (k > tally.Samples)
                return double.NaN;
            if (!correct.Contains(true))
                return 0;
            shares ??= count(tally);
            double accuracy = 0;
            for (int answer = 0; answer < shares.Length; answer++)
                accuracy += shares[answer] * tally.Answers[answer].Correctness;
            return accuracy;
        };
    }
}
