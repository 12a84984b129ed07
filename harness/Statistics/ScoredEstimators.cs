namespace Harness.Statistics;

/// <summary>
/// Estimators of one problem for samples that are judged anew, as <see cref="ChanceBaseline"/> judges them against other problems' golds.
/// A vote's accuracy is the sum over right answers of their chance of winning, which does not depend on what is right: so the chances are
/// counted once, for all golds together.
/// </summary>
public static class ScoredEstimators
{
    /// <summary>One sample as it comes. It also serves greedy decoding, which has one sample.</summary>
    public static ScoredEstimator OneSample { get; } = Coverage(1);

    /// <summary>pass@k.</summary>
    public static ScoredEstimator Coverage(int k) => (_, correct) => PassAtK.Coverage(correct.Length, correct.Count(true), k);

    /// <summary>At least so many of k samples right.</summary>
    public static ScoredEstimator AtLeast(int k, int least) =>
        (_, correct) => PassAtK.AtLeast(correct.Length, correct.Count(true), k, least);

    /// <summary>Any vote over k samples, by each answer's chance of winning it.</summary>
    /// <param name="count">Called when an answer is right for the first time.</param>
    public static ScoredEstimator OfShares(int k, Func<double[]> count)
    {
        Lazy<double[]> shares = new(count);
        return (tally, correct) =>
        {
            if (k > tally.Samples)
                return double.NaN;
            if (!correct.Contains(true))
                return 0;
            double accuracy = 0;
            for (int answer = 0; answer < shares.Value.Length; answer++)
                accuracy += shares.Value[answer] * tally.Answers[answer].Correctness;
            return accuracy;
        };
    }
}
