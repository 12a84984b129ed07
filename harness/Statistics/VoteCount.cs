using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Statistics;

/// <summary>
/// Counts the subsets in which the leading answers have a given number of votes, answer by answer: by the number of tied leaders and of
/// samples drawn. Only answers given at least that often can lead or need a limit; all other samples are drawn freely at the end.
/// </summary>
sealed class VoteCount
{
    const int AnswersBetweenRescaling = 16;

    /// <summary>Counts that one vector holds, and that are added up side by side. Their number changes no bit.</summary>
    const int Lanes = 4, Wide = 4 * Lanes;

    readonly int drawnMost;
    readonly int votes;
    readonly int tilt;

    /// <summary>
    /// Subsets so far, at [leaders][drawn], and the same with each subset times its leaders' summed correctness. Before the counts of a row
    /// lie as many zeros as there are votes, of less than none drawn, and after them some that count nothing: whole vectors are read and
    /// written.
    /// </summary>
    readonly double[] subsets, right;

    /// <summary>A row without a subset.</summary>
    readonly double[] none;
    readonly int rows, width;
    int answers;
    bool anyRight;
    long exponent;

    public VoteCount(int drawnMost, int votes, int tilt, int answersMost)
    {
        (this.drawnMost, this.votes, this.tilt) = (drawnMost, votes, tilt);
        (rows, width) = (Math.Min(drawnMost / votes, answersMost) + 1, votes + drawnMost + 1 + Lanes);
        (subsets, right, none) = (new double[rows * width], new double[rows * width], new double[width]);
        subsets[votes] = 1;
    }

    /// <summary>Goes on from another count of the same votes, before any right answer was added to it.</summary>
    public void GoOnFrom(VoteCount wrong)
    {
        wrong.subsets.CopyTo(subsets, 0);
        Array.Clear(right);
        (answers, anyRight, exponent) = (wrong.answers, false, wrong.exponent);
    }

    /// <summary>The ways to draw 0..votes of so many samples, times 2^-Exponent.</summary>
    public (double[] Row, long Exponent) WaysFor(int count) => ScaledBinomials.Row(count, tilt, votes + 1);

    /// <summary>Draws 0..votes of an answer's samples. With exactly that many votes the answer is one more leader.</summary>
    /// <param name="isLast">Whether no further answer will need the count of subsets.</param>
    public void Add(AnswerCount answer, bool isLast) => Add(WaysFor(answer.Count), answer.Correctness, isLast);

    /// <inheritdoc cref="Add(AnswerCount, bool)"/>
    /// <param name="ways">Of the answer's samples.</param>
    public void Add((double[] Row, long Exponent) ways, double correctness, bool isLast)
    {
        // From the most drawn downwards, so that the counts that are read don't hold this answer yet.
        for (int leaders = Math.Min(answers + 1, rows - 1); leaders >= 0; leaders--)
        {
            int first = leaders * votes, reached = first + Math.Max(answers - leaders, 0) * (votes - 1);
            Reach reach = new(first, Math.Min(drawnMost, first + (answers + 1 - leaders) * (votes - 1)), reached);
            Span<double> fewer = leaders == 0 ? none : Row(subsets, leaders - 1);
            if (anyRight || correctness > 0)
                AddTo(Row(right, leaders), leaders == 0 ? none : Row(right, leaders - 1), fewer, correctness, ways.Row, reach, anyRight);
            if (!isLast)
                AddTo(Row(subsets, leaders), fewer, none, 0, ways.Row, reach, anyBefore: true);
        }
        answers++;
        anyRight |= correctness > 0;
        exponent += ways.Exponent;
        if (answers % AnswersBetweenRescaling == 0)
            Rescale();
    }

    /// <summary>
    /// Subsets of all k with the given leading vote, each times its leaders' mean correctness; times 2^-Exponent.
    /// </summary>
    /// <param name="free">The ways to draw 0..k of the samples without limit.</param>
    public (double Subsets, long Exponent) RightSubsets((double[] Row, long Exponent) free)
    {
        double sum = 0;
        for (int leaders = 1; leaders < rows; leaders++)
        {
            ReadOnlySpan<double> counts = Row(right, leaders)[votes..];
            double tied = 0;
            for (int drawn = leaders * votes; drawn <= drawnMost; drawn++)
                tied += counts[drawn] * free.Row[drawnMost - drawn];
            sum += tied / leaders;
        }
        return (sum, exponent + free.Exponent);
    }

    Span<double> Row(double[] counts, int leaders) => counts.AsSpan(leaders * width, width);

    /// <summary>The numbers drawn that a row counts, from the first to the last; before this answer, to the reached one.</summary>
    readonly record struct Reach(int First, int Last, int Reached);

    /// <summary>
    /// Adds an answer to a row of counts, from the most drawn downwards, so that what is read doesn't hold the answer yet. Each count is a
    /// sum in the order of the answer's votes, whatever is counted beside it: outside its reach a row is 0, which changes no sum.
    /// </summary>
    /// <param name="fewer">The same of one leader less, to which the answer adds the next.</param>
    /// <param name="subsetsOfFewer">Added to that, times the correctness.</param>
    /// <param name="anyBefore">Whether the row counts anything yet.</param>
    void AddTo(
        Span<double> counts, ReadOnlySpan<double> fewer, ReadOnlySpan<double> subsetsOfFewer, double correctness, double[] ways,
        Reach reach, bool anyBefore)
    {
        Vector256<double> right = Vector256.Create(correctness), waysToLead = Vector256.Create(ways[votes]);
        for (int place = reach.First + (reach.Last - reach.First + Lanes) / Lanes * Lanes; place > reach.First;)
        {
            int block = place - reach.First >= Wide ? Wide : Lanes;
            place -= block;
            int fewest = Math.Max(place - reach.Reached, 0), most = Math.Min(votes - 1, place + block - 1 - reach.First);
            Span<double> now = counts.Slice(votes + place, block);
            Vector256<double> a = Vector256<double>.Zero, b = a, c = a, d = a;
            ref double count = ref now[0];
            for (int j = fewest; j <= most && anyBefore; j++)
            {
                Vector256<double> way = Vector256.Create(ways[j]);
                ref double before = ref Unsafe.Subtract(ref count, j);
                a += Vector256.LoadUnsafe(ref before) * way;
                if (block == Lanes)
                    continue;
                b += Vector256.LoadUnsafe(ref before, Lanes) * way;
                c += Vector256.LoadUnsafe(ref before, 2 * Lanes) * way;
                d += Vector256.LoadUnsafe(ref before, 3 * Lanes) * way;
            }
            ReadOnlySpan<double> less = fewer.Slice(place, block), rightLess = subsetsOfFewer.Slice(place, block);
            Store(a, less, rightLess, right, waysToLead, now);
            if (block == Lanes)
                continue;
            Store(b, less[Lanes..], rightLess[Lanes..], right, waysToLead, now[Lanes..]);
            Store(c, less[(2 * Lanes)..], rightLess[(2 * Lanes)..], right, waysToLead, now[(2 * Lanes)..]);
            Store(d, less[(3 * Lanes)..], rightLess[(3 * Lanes)..], right, waysToLead, now[(3 * Lanes)..]);
        }
    }

    static void Store(
        Vector256<double> below, ReadOnlySpan<double> fewer, ReadOnlySpan<double> subsetsOfFewer, Vector256<double> correctness,
        Vector256<double> waysToLead, Span<double> counts) =>
        (below + (Vector256.Create(fewer) + Vector256.Create(subsetsOfFewer) * correctness) * waysToLead).CopyTo(counts);

    /// <summary>Without this, many answers would multiply to more than a double can hold.</summary>
    void Rescale()
    {
        double largest = 0;
        for (int leaders = 0; leaders < rows; leaders++)
        {
            foreach (double count in Row(subsets, leaders).Slice(votes, drawnMost + 1))
                largest = Math.Max(largest, count);
        }
        if (largest is 0 or (> 1e-100 and < 1e100))
            return;
        int shift = Math.ILogB(largest);
        foreach (double[] counts in new[] { subsets, right })
        {
            for (int i = 0; i < counts.Length; i++)
                counts[i] = Math.ScaleB(counts[i], -shift);
        }
        exponent += shift;
    }
}
