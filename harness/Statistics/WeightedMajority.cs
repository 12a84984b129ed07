using Harness.Kernels.Sampling;

namespace Harness.Statistics;

/// <summary>
/// The chance that a weighted vote over k samples is right: the answer of the largest summed weight wins, ties count with the mean
/// correctness of the tied. Exact where one answer wins in every subset, and where the subsets of k are few enough to go through them all;
/// else over seeded random subsets, since real weights can't be counted by dynamic programming.
/// </summary>
public sealed class WeightedMajority
{
    /// <summary>Up to this many subsets are gone through one by one.</summary>
    public const int MostCounted = 5000;

    /// <summary>Where there are more, this many are drawn.</summary>
    public const int DefaultSubsets = 2000;

    readonly AnswerTally tally;
    readonly WeightedVoteCount vote;
    readonly int k, subsets, counted;
    readonly RandomStream random;
    (double[] Shares, MonteCarloEstimate Own)? known;

    /// <param name="weights">The weight of each sample, in [0, 1].</param>
    /// <param name="problem">Together with k it names the random stream, so that a problem's subsets depend on no other problem.</param>
    /// <param name="subsets">The number drawn where there are more than are gone through one by one.</param>
    /// <param name="counted">The most that are gone through one by one.</param>
    public WeightedMajority(
        AnswerTally tally, ReadOnlySpan<double> weights, int k, ulong seed, int problem, int subsets = DefaultSubsets,
        int counted = MostCounted)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, tally.Samples);
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i], $"weight {i} is not in [0, 1]");
        }
        (this.tally, this.k, this.subsets, this.counted) = (tally, k, subsets, counted);
        random = new(seed, RandomPurpose.Subset, (uint)problem, (uint)k);
        vote = new(tally, weights);
    }

    /// <summary>
    /// The chance of a right answer: exact, with error 0, where no subset is drawn at random. NaN where k exceeds the samples.
    /// </summary>
    public MonteCarloEstimate Estimate
    {
        get
        {
            if (k == 1 && tally.Samples > 0)
                return new(tally.Answers.Sum(answer => Math.Round(answer.Correctness * answer.Count)) / tally.Samples, 0);
            bool nothingIsRight = k <= tally.Samples && tally.Answers.All(answer => answer.Correctness == 0);
            return nothingIsRight ? new(0, 0) : Counted.Own;
        }
    }

    /// <summary>
    /// Each answer's chance of winning the vote, in the order of <see cref="AnswerTally.Answers"/>, a tie divided evenly; over the same
    /// subsets as the estimate, and in one count with it. NaN where k exceeds the samples.
    /// </summary>
    public double[] Shares => Counted.Shares;

    (double[] Shares, MonteCarloEstimate Own) Counted => known ??= Count();

    (double[] Shares, MonteCarloEstimate Own) Count()
    {
        double[] shares = new double[tally.Answers.Length];
        if (k > tally.Samples)
        {
            Array.Fill(shares, double.NaN);
            return (shares, new(double.NaN, double.NaN));
        }
        if (vote.CertainWinner(k) is >= 0 and var winner)
        {
            shares[winner] = 1;
            return (shares, new(tally.Answers[winner].Correctness, 0));
        }
        AnswerCount[] answers = tally.Answers;
        double sum = 0, squares = 0;
        (int visited, bool isExact) = vote.ForEachSubset(k, counted, subsets, random, leaders =>
        {
            double correctness = 0, share = leaders.Length == 1 ? 1 : 1.0 / leaders.Length;
            foreach (int leader in leaders)
            {
                correctness += answers[leader].Correctness;
                shares[leader] += share;
            }
            if (leaders.Length > 1)
                correctness /= leaders.Length;
            sum += correctness;
            squares += correctness * correctness;
        });
        for (int answer = 0; answer < shares.Length; answer++)
            shares[answer] /= visited;
        double mean = sum / visited;
        return (shares, new(mean, isExact ? 0 : Math.Sqrt(Math.Max(squares / visited - mean * mean, 0) / visited)));
    }
}
