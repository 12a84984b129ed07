namespace Harness.Statistics;

/// <summary>
/// The chance that a weighted vote over k samples is right: the answer of the largest summed weight wins, ties count with the mean
/// correctness of the tied. Estimated over seeded random subsets, as no count by dynamic programming exists for real weights.
/// </summary>
public static class WeightedMajority
{
    /// <summary>Subsets drawn for one problem and k.</summary>
    public const int DefaultSubsets = 500;

    /// <summary>Weights as integers, so that equal sums are equal in whatever order they were added.</summary>
    const double WeightUnits = 1L << 40;

    const long NoVote = -1;

    /// <param name="weights">One a sample, in [0, 1].</param>
    /// <param name="problem">Names the random stream with k, so that a problem's subsets depend on no other problem.</param>
    /// <returns>NaN where k exceeds the samples; exact, with error 0, where k is 1 or all samples.</returns>
    public static MonteCarloEstimate Estimate(
        AnswerTally tally, ReadOnlySpan<double> weights, int k, ulong seed, int problem, int subsets = DefaultSubsets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, tally.Samples);
        if (k > tally.Samples)
            return new(double.NaN, double.NaN);
        if (k == 1)
            return new(tally.Answers.Sum(answer => Math.Round(answer.Correctness * answer.Count)) / tally.Samples, 0);

        long[] units = ToUnits(weights);
        int[] order = [.. Enumerable.Range(0, tally.Samples)];
        long[] sums = new long[tally.Answers.Length];
        Array.Fill(sums, NoVote);
        if (k == tally.Samples)
            return new(Vote(tally, order, units, sums), 0);

        RandomStream random = new(seed, RandomPurpose.Subset, (uint)problem, (uint)k);
        double sum = 0, squares = 0;
        for (int subset = 0; subset < subsets; subset++)
        {
            for (int i = 0; i < k; i++)
            {
                int chosen = i + random.Below(order.Length - i);
                (order[i], order[chosen]) = (order[chosen], order[i]);
            }
            double vote = Vote(tally, order.AsSpan(0, k), units, sums);
            sum += vote;
            squares += vote * vote;
        }
        double mean = sum / subsets;
        return new(mean, Math.Sqrt(Math.Max(squares / subsets - mean * mean, 0) / subsets));
    }

    static long[] ToUnits(ReadOnlySpan<double> weights)
    {
        long[] units = new long[weights.Length];
        for (int i = 0; i < units.Length; i++)
        {
            if (!(weights[i] is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i], $"weight {i} is not in [0, 1]");
            units[i] = (long)Math.Round(weights[i] * WeightUnits);
        }
        return units;
    }

    /// <summary>The mean correctness of the leading answers; <paramref name="sums"/> is scratch, without votes before and after.</summary>
    static double Vote(AnswerTally tally, ReadOnlySpan<int> samples, long[] units, long[] sums)
    {
        int[] answerOf = tally.AnswerOfSample;
        long most = 0;
        foreach (int sample in samples)
        {
            int answer = answerOf[sample];
            if (answer >= 0)
                most = Math.Max(most, sums[answer] = Math.Max(sums[answer], 0) + units[sample]);
        }
        int leaders = 0;
        double correctness = 0;
        foreach (int sample in samples)
        {
            int answer = answerOf[sample];
            if (answer < 0)
                continue;
            if (sums[answer] == most)
            {
                leaders++;
                correctness += tally.Answers[answer].Correctness;
            }
            sums[answer] = NoVote;
        }
        return leaders == 0 ? 0 : correctness / leaders;
    }
}
