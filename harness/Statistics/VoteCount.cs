namespace Harness.Statistics;

/// <summary>
/// Counts the subsets in which the leading answers have a given number of votes, answer by answer: by the number of tied leaders and of
/// samples drawn. Only answers given at least that often can lead or need a limit; all other samples are drawn freely at the end.
/// </summary>
sealed class VoteCount
{
    const int AnswersBetweenRescaling = 16;

    readonly int drawnMost;
    readonly int votes;
    readonly int tilt;

    /// <summary>Subsets so far, at [leaders][drawn], and the same with each subset times its leaders' summed correctness.</summary>
    readonly double[][] subsets;
    readonly double[][] right;
    int answers;
    bool anyRight;
    long exponent;

    public VoteCount(int drawnMost, int votes, int tilt, int answersMost)
    {
        (this.drawnMost, this.votes, this.tilt) = (drawnMost, votes, tilt);
        int leadersMost = Math.Min(drawnMost / votes, answersMost);
        subsets = Empty(leadersMost, drawnMost);
        right = Empty(leadersMost, drawnMost);
        subsets[0][0] = 1;
    }

    /// <summary>Draws 0..votes of an answer's samples. With exactly that many votes the answer is one more leader.</summary>
    /// <param name="isLast">Whether no further answer will need the count of subsets.</param>
    public void Add(AnswerCount answer, bool isLast)
    {
        (double[] row, long rowExponent) = ScaledBinomials.Row(answer.Count, tilt, votes + 1);
        // From the most drawn downwards, so that the counts that are read don't hold this answer yet.
        for (int leaders = Math.Min(answers + 1, subsets.Length - 1); leaders >= 0; leaders--)
        {
            int first = leaders * votes, reached = first + Math.Max(answers - leaders, 0) * (votes - 1);
            int last = Math.Min(drawnMost, first + (answers + 1 - leaders) * (votes - 1));
            for (int drawn = last; drawn >= first; drawn--)
            {
                int fewest = Math.Max(drawn - reached, 0), most = Math.Min(votes - 1, drawn - first);
                double rightBelow = anyRight ? Below(right[leaders], row, drawn, fewest, most) : 0;
                right[leaders][drawn] = rightBelow + OneMoreRightLeader(leaders, drawn, answer) * row[votes];
                if (isLast)
                    continue;
                double below = Below(subsets[leaders], row, drawn, fewest, most);
                subsets[leaders][drawn] = below + OneMoreLeader(leaders, drawn) * row[votes];
            }
        }
        answers++;
        anyRight |= answer.Correctness > 0;
        exponent += rowExponent;
        if (answers % AnswersBetweenRescaling == 0)
            Rescale();
    }

    /// <summary>
    /// Subsets of all k with the given leading vote, each times its leaders' mean correctness, <paramref name="free"/> samples being
    /// without limit; times 2^-Exponent.
    /// </summary>
    public (double Subsets, long Exponent) RightSubsets(int free)
    {
        (double[] row, long rowExponent) = ScaledBinomials.Row(free, tilt, drawnMost + 1);
        double sum = 0;
        for (int leaders = 1; leaders < right.Length; leaders++)
        {
            double tied = 0;
            for (int drawn = leaders * votes; drawn <= drawnMost; drawn++)
                tied += right[leaders][drawn] * row[drawnMost - drawn];
            sum += tied / leaders;
        }
        return (sum, exponent + rowExponent);
    }

    double OneMoreLeader(int leaders, int drawn) => leaders == 0 ? 0 : subsets[leaders - 1][drawn - votes];

    double OneMoreRightLeader(int leaders, int drawn, AnswerCount answer) => leaders == 0
        ? 0
        : right[leaders - 1][drawn - votes] + OneMoreLeader(leaders, drawn) * answer.Correctness;

    /// <summary>Counts the subsets to which this answer adds fewer than the leading votes.</summary>
    static double Below(double[] before, double[] row, int drawn, int fewest, int most)
    {
        double sum = 0;
        for (int j = fewest; j <= most; j++)
            sum += before[drawn - j] * row[j];
        return sum;
    }

    /// <summary>Without this, many answers would multiply to more than a double can hold.</summary>
    void Rescale()
    {
        double largest = subsets.Max(counts => counts.Max());
        if (largest is 0 or (> 1e-100 and < 1e100))
            return;
        int shift = Math.ILogB(largest);
        foreach (double[] counts in subsets.Concat(right))
        {
            for (int i = 0; i < counts.Length; i++)
                counts[i] = Math.ScaleB(counts[i], -shift);
        }
        exponent += shift;
    }

    static double[][] Empty(int leadersMost, int drawnMost)
    {
        double[][] counts = new double[leadersMost + 1][];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = new double[drawnMost + 1];
        return counts;
    }
}
