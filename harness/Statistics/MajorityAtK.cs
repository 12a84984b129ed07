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
            int free = tally.Samples - contenders.Sum(answer => answer.Count);
            (double subsets, long subsetsExponent) = count.RightSubsets(ScaledBinomials.Row(free, tilt, k + 1));
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
        (int Count, int Answers)[] groups = [.. byCount.Select(places => (tally.Answers[places[0]].Count, places.Length))];
        double[] wins = Wins(tally.Samples, groups, k);
        for (int group = 0; group < byCount.Length; group++)
        {
            bool isLast = group == byCount.Length - 1;
            double won = isLast ? Math.Max(left, 0) : wins[group];
            left -= won;
            foreach (int place in byCount[group])
                shares[place] = won / byCount[group].Length;
        }
        return shares;
    }

    /// <summary>
    /// For all groups of equally frequent answers but the last, the most frequent: how often one of the group wins, as
    /// <see cref="Estimate"/> gives it where exactly these are right. It counts wrong answers first, the rarest before: so what it counts
    /// before a group's place is counted once for the group and all that are more frequent.
    /// </summary>
    static double[] Wins(int samples, (int Count, int Answers)[] groups, int k)
    {
        double[] wins = new double[Math.Max(groups.Length - 1, 0)];
        if (k > samples)
            Array.Fill(wins, double.NaN);
        if (k >= samples || wins.Length == 0)
            return wins;
        int tilt = ScaledBinomials.TiltFor(samples, k);
        (double[] allSubsets, long exponent) = ScaledBinomials.Row(samples, tilt, k + 1);
        for (int votes = 1; votes <= Math.Min(groups[^2].Count, k); votes++)
        {
            (int Count, int Answers)[] contenders = [.. groups.Where(group => group.Count >= votes)];
            int answers = contenders.Sum(group => group.Answers), limited = contenders.Sum(group => group.Count * group.Answers);
            VoteCount wrong = new(k, votes, tilt, answers), count = new(k, votes, tilt, answers);
            (double[], long) free = ScaledBinomials.Row(samples - limited, tilt, k + 1);
            (double[], long)[] ways = [.. contenders.Select(group => wrong.WaysFor(group.Count))];
            for (int own = 0; own < contenders.Length - 1; own++)
            {
                count.GoOnFrom(wrong);
                for (int later = own + 1; later < contenders.Length; later++)
                    AddAll(count, later, correctness: 0);
                AddAll(count, own, correctness: 1);
                (double subsets, long subsetsExponent) = count.RightSubsets(free);
                wins[groups.Length - contenders.Length + own] +=
                    Math.ScaleB(subsets / allSubsets[k], (int)Math.Max(subsetsExponent - exponent, -4000));
                AddAll(wrong, own, correctness: 0);
            }

            void AddAll(VoteCount to, int group, double correctness)
            {
                for (int answer = 1; answer <= contenders[group].Answers; answer++)
                    to.Add(ways[group], correctness, isLast: correctness > 0 && answer == contenders[group].Answers);
            }
        }
        return [.. wins.Select(won => Math.Min(won, 1))];
    }

    static double VoteOfAll(AnswerTally tally)
    {
        int most = tally.Answers.Select(answer => answer.Count).DefaultIfEmpty(0).Max();
        double[] tied = [.. tally.Answers.Where(answer => answer.Count == most).Select(answer => answer.Correctness)];
        return tied.Length == 0 ? 0 : Mean.Of(tied);
    }
}
