namespace Harness.Statistics;

/// <summary>
/// Counts the subsets in which an answer wins with a number of votes, for all groups of equally frequent answers but the most frequent.
/// Ties are broken by lot: each answer draws a number, uniform over [0, 1], and of those tied the largest wins. So an answer of lot s wins
/// over each answer with as many votes with chance s, and its wins are the integral over s of a polynomial, one degree for each that can
/// tie with it; Gauss's quadrature gives it exactly. What is counted of all other answers is the product of two counts: of the rarer
/// answers, and of the more frequent ones with all samples that are too few to win.
/// </summary>
sealed class WinCount
{
    readonly int samples, tilt, most;
    readonly (int Count, int Answers)[] groups;
    readonly (int Multiplier, double[] Wins)[] sums;
    readonly (double[] Row, long Exponent) allSubsets;

    /// <summary>By group: the ways to draw of one answer's samples.</summary>
    readonly (double[] Row, long Exponent)[] ways;

    /// <summary>By group: all more frequent answers and free samples. The rarer ones are one count that goes on.</summary>
    readonly VoteCount[] later;
    readonly VoteCount rarer = new();

    /// <param name="groups">By rising count, at least two.</param>
    /// <param name="sums">For each number drawn, below the samples, each group's chance of winning is added here; not the last's.</param>
    public WinCount(int samples, (int Count, int Answers)[] groups, int tilt, (int Multiplier, double[] Wins)[] sums)
    {
        (this.samples, this.groups, this.tilt, this.sums) = (samples, groups, tilt, sums);
        most = sums.Max(sum => sum.Multiplier);
        allSubsets = ScaledBinomials.Row(samples, tilt, most + 1);
        ways = [.. groups.Select(group => ScaledBinomials.Row(group.Count, tilt, Math.Min(group.Count, most) + 1))];
        later = [.. groups.Select(_ => new VoteCount())];
    }

    /// <summary>Adds the subsets that are won with so many votes.</summary>
    public void Add(int votes)
    {
        int first = Array.FindIndex(groups, group => group.Count >= votes), last = groups.Length - 1;
        if (votes > most)
            return;
        int answers = 0, limited = 0;
        foreach ((int count, int alike) in groups.AsSpan(first))
            (answers, limited) = (answers + alike, limited + alike * count);
        GaussLegendre lots = GaussLegendre.For(degree: answers - 1);
        (double[] Row, long Exponent) free = ScaledBinomials.Row(samples - limited, tilt, most - votes + 1);
        later[last].Begin(votes, most - votes, lots.Nodes, free, samples - limited);
        for (int group = last; group > first; group--)
            AddAll(later[group - 1], later[group], group, groups[group].Answers);
        rarer.Begin(votes, most - votes, lots.Nodes, ([1], 0), 0);
        for (int group = first; group < last; group++)
        {
            AddAll(rarer, rarer, group, groups[group].Answers - 1);
            AddWins(group, votes, lots.Weights);
            rarer.Add(rarer, ways[group]);
        }
    }

    void AddAll(VoteCount to, VoteCount from, int group, int answers)
    {
        for (int answer = 0; answer < answers; answer++)
            to.Add(answer == 0 ? from : to, ways[group]);
    }

    void AddWins(int group, int votes, double[] weights)
    {
        double own = groups[group].Answers * ways[group].Row[votes];
        foreach ((int multiplier, double[] wins) in sums)
        {
            if (multiplier < votes)
                continue;
            (double subsets, long exponent) = rarer.Together(later[group], multiplier - votes, weights);
            exponent += ways[group].Exponent - allSubsets.Exponent;
            wins[group] += Math.ScaleB(own * subsets / allSubsets.Row[multiplier], (int)Math.Max(exponent, -4000));
        }
    }
}
