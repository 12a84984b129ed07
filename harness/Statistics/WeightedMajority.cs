using Harness.Kernels.Sampling;

namespace Harness.Statistics;

/// <summary>
/// The chance that a weighted vote over k samples is right: the answer of the largest summed weight wins, ties count with the mean
/// correctness of the tied. Exact where one answer wins in every subset, and where the subsets of k are few enough to go through them all;
/// else over seeded random subsets, since real weights can't be counted by dynamic programming.
/// </summary>
public static class WeightedMajority
{
    /// <summary>Up to this many subsets are gone through one by one. Where there are more, this many are drawn.</summary>
    public const int DefaultSubsets = 5000;

    /// <param name="weights">The weight of each sample, in [0, 1].</param>
    /// <param name="problem">Together with k it names the random stream, so that a problem's subsets depend on no other problem.</param>
    /// <param name="subsets">The most that are gone through one by one, and the number drawn where there are more.</param>
    /// <returns>NaN where k exceeds the samples; exact, with error 0, where no subset is drawn at random.</returns>
    public static MonteCarloEstimate Estimate(
        AnswerTally tally, ReadOnlySpan<double> weights, int k, ulong seed, int problem, int subsets = DefaultSubsets)
    {
        Check(tally, weights, k, subsets);
        if (k > tally.Samples)
            return new(double.NaN, double.NaN);
        if (k == 1)
            return new(tally.Answers.Sum(answer => Math.Round(answer.Correctness * answer.Count)) / tally.Samples, 0);
        if (tally.Answers.All(answer => answer.Correctness == 0))
            return new(0, 0);

        WeightedVoteCount vote = new(tally, weights);
        if (vote.CertainWinner(k) is >= 0 and var winner)
            return new(tally.Answers[winner].Correctness, 0);
        double sum = 0, squares = 0;
        (int visited, bool isExact) = vote.ForEachSubset(k, subsets, new(seed, RandomPurpose.Subset, (uint)problem, (uint)k), leaders =>
        {
            double correctness = 0;
            foreach (int leader in leaders)
                correctness += tally.Answers[leader].Correctness;
            correctness /= Math.Max(leaders.Length, 1);
            sum += correctness;
            squares += correctness * correctness;
        });
        double mean = sum / visited;
        return new(mean, isExact ? 0 : Math.Sqrt(Math.Max(squares / visited - mean * mean, 0) / visited));
    }

    /// <summary>
    /// Each answer's chance of winning the vote, in the order of <see cref="AnswerTally.Answers"/>, a tie divided evenly; over the same
    /// subsets as the estimate. NaN where k exceeds the samples.
    /// </summary>
    public static double[] Shares(
        AnswerTally tally, ReadOnlySpan<double> weights, int k, ulong seed, int problem, int subsets = DefaultSubsets)
    {
        Check(tally, weights, k, subsets);
        double[] shares = new double[tally.Answers.Length];
        if (k > tally.Samples)
        {
            Array.Fill(shares, double.NaN);
            return shares;
        }
        WeightedVoteCount vote = new(tally, weights);
        if (vote.CertainWinner(k) is >= 0 and var winner)
        {
            shares[winner] = 1;
            return shares;
        }
        (int visited, _) = vote.ForEachSubset(k, subsets, new(seed, RandomPurpose.Subset, (uint)problem, (uint)k), leaders =>
        {
            foreach (int leader in leaders)
                shares[leader] += 1.0 / leaders.Length;
        });
        for (int answer = 0; answer < shares.Length; answer++)
            shares[answer] /= visited;
        return shares;
    }

    static void Check(AnswerTally tally, ReadOnlySpan<double> weights, int k, int subsets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, tally.Samples);
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i], $"weight {i} is not in [0, 1]");
        }
    }
}
