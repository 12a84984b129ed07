namespace Harness.Statistics;

/// <summary>
/// The chance that a majority vote over k samples is right (self-consistency, Wang et al. 2022, arXiv 2203.11171): the expectation over
/// all subsets of k, exact by counting. Tied answers count with the mean of their correctness, samples without an answer do not
/// vote, and no vote at all is wrong; so the order of the samples never matters.
/// </summary>
public static class MajorityAtK
{
    /// <summary>NaN where k exceeds the samples.</summary>
    public static double Estimate(AnswerTally tally, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (k > tally.Samples)
            return double.NaN;
        if (k == tally.Samples)
            return VoteOfAll(tally);

        // Wrong answers come first: their subsets alone are counted until the first right one.
        AnswerCount[] answers = [.. tally.Answers.OrderBy(answer => answer.Correctness).ThenBy(answer => answer.Count)];
        int most = answers.Where(answer => answer.Correctness > 0).Select(answer => answer.Count).DefaultIfEmpty(0).Max();
        int tilt = ScaledBinomials.TiltFor(tally.Samples, k);
        (double[] allSubsets, long exponent) = ScaledBinomials.Row(tally.Samples, tilt, k + 1);
        double accuracy = 0;
        for (int votes = 1; votes <= Math.Min(most, k); votes++)
        {
            AnswerCount[] contenders = [.. answers.Where(answer => answer.Count >= votes)];
            VoteCount count = new(k, votes, tilt, contenders.Length);
            for (int i = 0; i < contenders.Length; i++)
                count.Add(contenders[i], isLast: i == contenders.Length - 1);
            (double subsets, long subsetsExponent) = count.RightSubsets(tally.Samples - contenders.Sum(answer => answer.Count));
            accuracy += Math.ScaleB(subsets / allSubsets[k], (int)Math.Max(subsetsExponent - exponent, -4000));
        }
        return Math.Min(accuracy, 1);
    }

    /// <summary>
    /// Each answer's chance of winning the vote, in the order of <see cref="AnswerTally.Answers"/>, a tie divided evenly. What is missing
    /// to 1 is the chance of no vote. NaN where k exceeds the samples. Equally frequent answers win equally often, so one count serves
    /// them all. The most frequent ones, which would take the longest to count, get the rest.
    /// </summary>
    public static double[] Shares(AnswerTally tally, int k)
    {
        double[] shares = new double[tally.Answers.Length];
        int[][] byCount =
        [
            .. Enumerable.Range(0, shares.Length).GroupBy(place => tally.Answers[place].Count).OrderBy(places => places.Key)
                .Select(places => places.ToArray()),
        ];
        double left = PassAtK.Coverage(tally.Samples, tally.Answers.Sum(answer => answer.Count), k);
        for (int group = 0; group < byCount.Length; group++)
        {
            bool isLast = group == byCount.Length - 1;
            double won = isLast ? Math.Max(left, 0) : Estimate(Marked(tally, tally.Answers[byCount[group][0]].Count), k);
            left -= won;
            foreach (int place in byCount[group])
                shares[place] = won / byCount[group].Length;
        }
        return shares;
    }

    /// <summary>The same answers, where exactly those are right that were given this often.</summary>
    static AnswerTally Marked(AnswerTally tally, int count) =>
        tally with { Answers = [.. tally.Answers.Select(answer => answer with { Correctness = answer.Count == count ? 1 : 0 })] };

    static double VoteOfAll(AnswerTally tally)
    {
        int most = tally.Answers.Select(answer => answer.Count).DefaultIfEmpty(0).Max();
        double[] tied = [.. tally.Answers.Where(answer => answer.Count == most).Select(answer => answer.Correctness)];
        return tied.Length == 0 ? 0 : Mean.Of(tied);
    }
}
