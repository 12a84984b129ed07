using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Statistics;

/// <summary>
/// Counts the subsets in which no answer has more than so many votes, answer by answer: by the number of samples drawn, and for several
/// lots. An answer with exactly that many votes counts with the lot, the chance that it loses a tie.
/// </summary>
/// <remarks>Each count is a sum in the order of an answer's votes, whatever is counted beside it.</remarks>
sealed class VoteCount
{
    const int AnswersBetweenRescaling = 16;

    /// <summary>Counts that one vector holds, and that are added up side by side. Their number changes no bit.</summary>
    const int Lanes = 4, Wide = 4 * Lanes;

    /// <summary>
    /// Subsets so far at [lot][drawn], times 2^-exponent. Before the counts of a lot lie zeros, of less than none drawn, and after them
    /// some that count nothing: whole vectors are read and written.
    /// </summary>
    double[] counts = [];
    double[] lots = [];
    int votes, drawnMost, width, reached, answers;
    long exponent;

    /// <summary>Begins anew, with the ways to draw samples that have no limit.</summary>
    /// <param name="drawnMost">Subsets of more samples aren't counted.</param>
    /// <param name="free">By the number drawn, at least up to the most.</param>
    /// <param name="freeMost">The most of these that there are.</param>
    public void Begin(int votes, int drawnMost, double[] lots, (double[] Row, long Exponent) free, int freeMost)
    {
        Layout(votes, drawnMost, lots);
        (reached, answers, exponent) = (Math.Min(drawnMost, freeMost), 0, free.Exponent);
        for (int lot = 0; lot < lots.Length; lot++)
            free.Row.AsSpan(0, reached + 1).CopyTo(Lot(lot)[Before..]);
    }

    /// <summary>Counts what another does, and one answer more: with 0..votes of its samples.</summary>
    /// <param name="other">It may be the same.</param>
    /// <param name="ways">To draw so many of the answer's samples, at least up to the votes.</param>
    public void Add(VoteCount other, (double[] Row, long Exponent) ways)
    {
        if (other != this)
            Layout(other.votes, other.drawnMost, other.lots);
        int last = Math.Min(drawnMost, other.reached + votes);
        double[] limited = ways.Row[..(votes + 1)];
        for (int lot = 0; lot < lots.Length; lot++)
        {
            limited[votes] = ways.Row[votes] * lots[lot];
            Multiply(other.Lot(lot), other.reached, limited, Lot(lot), last);
        }
        (reached, answers, exponent) = (last, other.answers + 1, other.exponent + ways.Exponent);
        if (answers % AnswersBetweenRescaling == 0)
            Rescale();
    }

    /// <summary>
    /// Subsets of so many samples, of those counted here and in another count together, times 2^-Exponent; integrated over the lots.
    /// </summary>
    /// <param name="weights">Of the lots.</param>
    public (double Subsets, long Exponent) Together(VoteCount other, int drawn, double[] weights)
    {
        int first = Math.Max(0, drawn - other.reached), last = Math.Min(reached, drawn);
        double sum = 0;
        for (int lot = 0; lot < lots.Length && first <= last; lot++)
        {
            ref double here = ref Lot(lot)[Before], there = ref other.Lot(lot)[Before];
            Vector256<double> subsets = Vector256<double>.Zero;
            for (int own = first; own <= last; own += Lanes)
            {
                Vector256<double> falling = Vector256.LoadUnsafe(ref Unsafe.Add(ref there, drawn - own - Lanes + 1));
                subsets += Vector256.LoadUnsafe(ref here, (nuint)own) * Vector256.Shuffle(falling, Vector256.Create(3L, 2, 1, 0));
            }
            sum += weights[lot] * (subsets[0] + subsets[1] + (subsets[2] + subsets[3]));
        }
        return (sum, exponent + other.exponent);
    }

    int Before => votes + Lanes;

    Span<double> Lot(int lot) => counts.AsSpan(lot * width, width);

    void Layout(int votes, int drawnMost, double[] lots)
    {
        (this.votes, this.drawnMost, this.lots) = (votes, drawnMost, lots);
        width = Before + drawnMost + 1 + Lanes;
        int length = lots.Length * width;
        if (counts.Length < length)
            counts = new double[length];
        else
            Array.Clear(counts, 0, length);
    }

    /// <summary>From the most drawn downwards, so that a row can be multiplied in place: what is read isn't written yet.</summary>
    /// <param name="reached">The most drawn of the source.</param>
    /// <param name="last">The most drawn of the product.</param>
    void Multiply(ReadOnlySpan<double> source, int reached, double[] factor, Span<double> product, int last)
    {
        for (int place = (last + Lanes) / Lanes * Lanes; place > 0;)
        {
            int block = place >= Wide ? Wide : Lanes;
            place -= block;
            int most = Math.Min(votes, place + block - 1);
            ref readonly double count = ref source.Slice(Before + place, block)[0];
            Vector256<double> a = Vector256<double>.Zero, b = a, c = a, d = a;
            for (int j = Math.Max(place - reached, 0); j <= most; j++)
            {
                Vector256<double> ways = Vector256.Create(factor[j]);
                ref readonly double before = ref Unsafe.Subtract(ref Unsafe.AsRef(in count), j);
                a += Vector256.LoadUnsafe(in before) * ways;
                if (block == Lanes)
                    continue;
                b += Vector256.LoadUnsafe(in before, Lanes) * ways;
                c += Vector256.LoadUnsafe(in before, 2 * Lanes) * ways;
                d += Vector256.LoadUnsafe(in before, 3 * Lanes) * ways;
            }
            Span<double> into = product.Slice(Before + place, block);
            a.CopyTo(into);
            if (block == Lanes)
                continue;
            b.CopyTo(into[Lanes..]);
            c.CopyTo(into[(2 * Lanes)..]);
            d.CopyTo(into[(3 * Lanes)..]);
        }
    }

    /// <summary>Without this, many answers would multiply to more than a double can hold.</summary>
    void Rescale()
    {
        Span<double> all = counts.AsSpan(0, lots.Length * width);
        double largest = 0;
        foreach (double count in all)
            largest = Math.Max(largest, count);
        if (largest is 0 or (> 1e-100 and < 1e100))
            return;
        int shift = Math.ILogB(largest);
        foreach (ref double count in all)
            count = Math.ScaleB(count, -shift);
        exponent += shift;
    }
}
