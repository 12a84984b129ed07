using System.Numerics;
using System.Runtime.Intrinsics;

namespace Harness.Statistics.Stopping;

/// <summary>Sums over random orders, by cap.</summary>
/// <param name="correctness">Of each answer.</param>
sealed class OrderSums(int caps, double[] correctness)
{
    readonly int answers = correctness.Length, width = WidthOf(correctness.Length);

    /// <summary>[cap][answer]: how often it wins, a tie divided evenly.</summary>
    readonly double[] shares = new double[caps * correctness.Length];

    /// <summary>[cap][answer, up to the width, and the last one none]: samples drawn.</summary>
    readonly long[] drawn = new long[caps * (WidthOf(correctness.Length) + 1)];

    /// <summary>Of the longest chains of tokens; of the winners' correctness, and of its square.</summary>
    readonly double[] critical = new double[caps], values = new double[caps], squares = new double[caps];
    readonly int[] leaders = new int[correctness.Length];

    static int Lanes => Vector256<int>.Count;

    /// <summary>Answers, filled up to whole vectors.</summary>
    public int Width => width;

    static int WidthOf(int answers) => (answers + Lanes - 1) / Lanes * Lanes;

    /// <summary>Adds an order's vote.</summary>
    /// <param name="votes">By answer; 0 from the last one up to the width.</param>
    /// <param name="without">Samples drawn that gave none.</param>
    /// <param name="chain">The longest chain of tokens.</param>
    public void Add(int cap, ReadOnlySpan<int> votes, int without, double chain)
    {
        int most = AddDrawn(cap * (width + 1), votes);
        drawn[cap * (width + 1) + width] += without;
        critical[cap] += chain;
        if (most == 0)
            return;
        int tied = FindLeaders(votes, most);
        (double right, double share) = (0, tied == 1 ? 1 : 1.0 / tied);
        foreach (int leader in leaders.AsSpan(0, tied))
        {
            right += correctness[leader];
            shares[cap * answers + leader] += share;
        }
        if (tied > 1)
            right /= tied;
        values[cap] += right;
        squares[cap] += right * right;
    }

    /// <returns>The most votes of an answer.</returns>
    int AddDrawn(int at, ReadOnlySpan<int> votes)
    {
        Vector256<int> most = Vector256<int>.Zero;
        for (int answer = 0; answer < width; answer += Lanes)
        {
            Vector256<int> counts = Vector256.Create(votes.Slice(answer, Lanes));
            most = Vector256.Max(most, counts);
            Span<long> sums = drawn.AsSpan(at + answer, Lanes);
            (Vector256<long> lower, Vector256<long> upper) = Vector256.Widen(counts);
            (Vector256.Create<long>(sums) + lower).CopyTo(sums);
            sums = sums[Vector256<long>.Count..];
            (Vector256.Create<long>(sums) + upper).CopyTo(sums);
        }
        Vector128<int> four = Vector128.Max(most.GetLower(), most.GetUpper());
        Vector128<int> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(two[0], two[1]);
    }

    /// <returns>How many answers have the most votes.</returns>
    int FindLeaders(ReadOnlySpan<int> votes, int most)
    {
        int found = 0;
        for (int answer = 0; answer < width; answer += Lanes)
        {
            uint lead = Vector256.Equals(Vector256.Create(votes.Slice(answer, Lanes)), Vector256.Create(most)).ExtractMostSignificantBits();
            for (; lead != 0; lead &= lead - 1)
                leaders[found++] = answer + BitOperations.TrailingZeroCount(lead);
        }
        return found;
    }

    /// <summary>The means at each cap: of orders that still draw there, and of all that have stopped by then.</summary>
    public static OrderMeans Means(OrderSums drawing, OrderSums stopped, int orders)
    {
        int caps = drawing.values.Length;
        double[] values = Means(drawing.values, stopped.values, orders, caps);
        double[] squares = Means(drawing.squares, stopped.squares, orders, caps);
        return new OrderMeans(
            Means(drawing.shares, stopped.shares, orders, caps),
            Means(drawing.DrawnByAnswer(), stopped.DrawnByAnswer(), orders, caps),
            Means(drawing.critical, stopped.critical, orders, caps),
            [.. values.Zip(squares, (value, square) => MonteCarloEstimate.Of(value, square, orders).StandardError)]);
    }

    /// <summary>[cap][answer, the last one none].</summary>
    double[] DrawnByAnswer() =>
        [.. drawn.Where((_, place) => place % (width + 1) is var at && (at < answers || at == width)).Select(sum => (double)sum)];

    static double[] Means(double[] drawing, double[] stopped, int orders, int caps)
    {
        int width = drawing.Length / Math.Max(caps, 1);
        double[] before = new double[width], means = new double[drawing.Length];
        for (int place = 0; place < means.Length; place++)
        {
            before[place % width] += stopped[place];
            means[place] = (drawing[place] + before[place % width]) / orders;
        }
        return means;
    }
}
