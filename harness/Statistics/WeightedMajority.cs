namespace Harness.Statistics;

/// <summary>
/// The chance that a weighted vote over k samples is right: the answer of the largest summed weight wins, ties count with the mean
/// correctness of the tied. Exact where one answer wins in every subset, and where the subsets of k are few enough to go through them all;
/// else over seeded random subsets, since real weights can't be counted by dynamic programming. One count serves several multipliers.
/// </summary>
public sealed class WeightedMajority
{
    /// <summary>Up to this many subsets are gone through one by one.</summary>
    public const int MostCounted = 5000;

    /// <summary>Where there are more, this many are drawn.</summary>
    public const int DefaultSubsets = 2000;

    readonly AnswerTally tally;
    readonly WeightedVoteCount vote;
    readonly int[] multipliers;
    readonly int subsets, counted, problem;
    readonly ulong seed;
    readonly Lazy<Dictionary<int, (double[] Shares, MonteCarloEstimate Own)>> counts;

    /// <param name="weights">The weight of each sample, in [0, 1].</param>
    /// <param name="multipliers">The values of k that will be asked for.</param>
    /// <param name="problem">It names the arrangement in which the problem reads the orders that random subsets begin.</param>
    /// <param name="subsets">The number drawn where there are more than are gone through one by one.</param>
    /// <param name="counted">The most that are gone through one by one.</param>
    public WeightedMajority(
        AnswerTally tally, ReadOnlySpan<double> weights, IEnumerable<int> multipliers, ulong seed, int problem,
        int subsets = DefaultSubsets, int counted = MostCounted)
    {
        this.multipliers = [.. multipliers.Distinct().Order()];
        ArgumentOutOfRangeException.ThrowIfLessThan(this.multipliers.FirstOrDefault(1), 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, tally.Samples);
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i], $"weight {i} is not in [0, 1]");
        }
        (this.tally, this.subsets, this.counted, this.seed, this.problem) = (tally, subsets, counted, seed, problem);
        vote = new(tally, weights);
        counts = new(Count);
    }

    /// <summary>
    /// The chance of a right answer: exact, with error 0, where no subset is drawn at random. NaN where k exceeds the samples.
    /// </summary>
    public MonteCarloEstimate Estimate(int k)
    {
        if (k == 1 && tally.Samples > 0)
            return new(tally.Answers.Sum(answer => Math.Round(answer.Correctness * answer.Count)) / tally.Samples, 0);
        bool nothingIsRight = k <= tally.Samples && tally.Answers.All(answer => answer.Correctness == 0);
        return nothingIsRight ? new(0, 0) : counts.Value[k].Own;
    }

    /// <summary>
    /// Each answer's chance of winning the vote, in the order of <see cref="AnswerTally.Answers"/>, a tie divided evenly; over the same
    /// subsets as the estimate, and in one count with it. NaN where k exceeds the samples.
    /// </summary>
    public double[] Shares(int k) => counts.Value[k].Shares;

    Dictionary<int, (double[] Shares, MonteCarloEstimate Own)> Count()
    {
        Dictionary<int, (double[], MonteCarloEstimate)> counts = [];
        List<(int Multiplier, Sums Sums)> random = [];
        foreach (int k in multipliers)
        {
            if (k > tally.Samples)
                counts.Add(k, ([.. tally.Answers.Select(_ => double.NaN)], new(double.NaN, double.NaN)));
            else if (vote.CertainWinner(k) is >= 0 and var winner)
                counts.Add(k, Certain(winner));
            else if (SubsetEnumeration.CountUpTo(tally.Samples, k, counted) is { } all && all <= counted)
                counts.Add(k, All(k, all));
            else
                random.Add((k, new Sums(tally.Answers)));
        }
        if (random.Count > 0)
        {
            vote.ForRandomSubsets(
                [.. random.Select(drawn => drawn.Multiplier)], subsets, seed, problem,
                [.. random.Select(drawn => (WeightedVoteCount.LeadersVisitor)drawn.Sums.Add)]);
        }
        foreach ((int k, Sums sums) in random)
            counts.Add(k, (sums.Shares(subsets), sums.Estimate(subsets)));
        return counts;
    }

    (double[] Shares, MonteCarloEstimate Own) Certain(int winner) =>
        ([.. tally.Answers.Select((_, answer) => answer == winner ? 1.0 : 0)], new(tally.Answers[winner].Correctness, 0));

    (double[] Shares, MonteCarloEstimate Own) All(int k, int count)
    {
        Sums sums = new(tally.Answers);
        vote.ForEachSubset(k, sums.Add);
        return (sums.Shares(count), sums.Estimate(count) with { StandardError = 0 });
    }

    /// <summary>Sums over subsets.</summary>
    sealed class Sums(AnswerCount[] answers)
    {
        readonly double[] shares = new double[answers.Length];
        double right, squares;

        public void Add(ReadOnlySpan<int> leaders)
        {
            double correctness = 0, share = leaders.Length == 1 ? 1 : 1.0 / leaders.Length;
            foreach (int leader in leaders)
            {
                correctness += answers[leader].Correctness;
                shares[leader] += share;
            }
            if (leaders.Length > 1)
                correctness /= leaders.Length;
            right += correctness;
            squares += correctness * correctness;
        }

        public double[] Shares(int subsets) => [.. shares.Select(share => share / subsets)];

        public MonteCarloEstimate Estimate(int subsets) => MonteCarloEstimate.Of(right / subsets, squares / subsets, subsets);
    }
}
