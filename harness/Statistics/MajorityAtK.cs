namespace Harness.Statistics;

/// <summary>
/// The chance that a majority vote over k samples is right (self-consistency, Wang et al. 2022, arXiv 2203.11171): the expectation over
/// all subsets of k, exact by counting. Tied answers count with the mean of their correctness, samples without an answer do not
/// vote, and no vote at all is wrong; so the order of the samples never matters.
/// </summary>
public static class MajorityAtK
{
    /// <summary>NaN where k exceeds the samples.</summary>
    public static double Estimate(AnswerTally tally, int k) => Estimate(tally, k, Shares(tally, [k])[0]);

    /// <summary>The same by what <see cref="Shares"/> gives for k.</summary>
    public static double Estimate(AnswerTally tally, int k, double[] shares)
    {
        if (k > tally.Samples)
            return double.NaN;
        // The sum of rounded shares would not always round to the share of right samples, or of right answers.
        if (k == 1)
            return tally.Answers.Sum(answer => Math.Round(answer.Correctness * answer.Count)) / tally.Samples;
        if (k == tally.Samples)
            return VoteOfAll(tally);
        double accuracy = 0;
        foreach ((AnswerCount answer, double share) in tally.Answers.Zip(shares).OrderBy(pair => pair.First.Count)
            .ThenBy(pair => pair.First.Correctness))
            accuracy += share * answer.Correctness;
        return Math.Min(accuracy, 1);
    }

    /// <summary>
    /// For each k each answer's chance of winning the vote, in the order of <see cref="AnswerTally.Answers"/>, a tie divided evenly. What
    /// is missing to 1 is the chance of no vote. NaN where k exceeds the samples. Equally frequent answers win equally often, so one count
    /// serves them all. The most frequent ones, which would take the longest to count, get the rest.
    /// </summary>
    public static double[][] Shares(AnswerTally tally, IReadOnlyList<int> multipliers)
    {
        foreach (int k in multipliers)
            ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int[][] byCount =
        [
            .. Enumerable.Range(0, tally.Answers.Length).GroupBy(place => tally.Answers[place].Count).OrderBy(places => places.Key)
                .Select(places => places.ToArray()),
        ];
        (int Count, int Answers)[] groups = [.. byCount.Select(places => (tally.Answers[places[0]].Count, places.Length))];
        double[][] wins = Wins(tally.Samples, groups, multipliers);
        int voters = tally.Answers.Sum(answer => answer.Count);
        return [.. multipliers.Select((k, place) => Divided(PassAtK.Coverage(tally.Samples, voters, k), wins[place], byCount))];
    }

    /// <summary>Among the answers of each group what it wins, and among those of the last what the others leave.</summary>
    static double[] Divided(double left, double[] wins, int[][] groups)
    {
        double[] shares = new double[groups.Sum(group => group.Length)];
        for (int group = 0; group < groups.Length; group++)
        {
            double won = group < wins.Length ? wins[group] : Math.Max(left, 0);
            left -= won;
            foreach (int place in groups[group])
                shares[place] = won / groups[group].Length;
        }
        return shares;
    }

    /// <summary>
    /// For each k how often one of a group of equally frequent answers wins, for all groups but the last. All k of one tilt are counted
    /// together, which changes no bit of any.
    /// </summary>
    static double[][] Wins(int samples, (int Count, int Answers)[] groups, IReadOnlyList<int> multipliers)
    {
        double[][] wins = [.. multipliers.Select(k => Enumerable.Repeat(k > samples ? double.NaN : 0, Math.Max(groups.Length - 1, 0)))
            .Select(ofGroups => ofGroups.ToArray())];
        if (groups.Length < 2)
            return wins;
        foreach (IGrouping<int, int> places in Enumerable.Range(0, wins.Length).Where(place => multipliers[place] < samples)
            .GroupBy(place => ScaledBinomials.TiltFor(samples, multipliers[place])))
        {
            WinCount count = new(samples, groups, places.Key, [.. places.Select(place => (multipliers[place], wins[place]))]);
            for (int votes = 1; votes <= groups[^2].Count; votes++)
                count.Add(votes);
        }
        return wins;
    }

    static double VoteOfAll(AnswerTally tally)
    {
        int most = tally.Answers.Select(answer => answer.Count).DefaultIfEmpty(0).Max();
        double[] tied = [.. tally.Answers.Where(answer => answer.Count == most).Select(answer => answer.Correctness)];
        return tied.Length == 0 ? 0 : Mean.Of(tied);
    }
}
