namespace Harness.Statistics;

/// <summary>The mean over all subsets of k values of the largest among them.</summary>
public sealed class ExpectedMaximum
{
    readonly double[] sorted;

    public ExpectedMaximum(ReadOnlySpan<double> values)
    {
        sorted = values.ToArray();
        Array.Sort(sorted);
    }

    /// <returns>NaN where k exceeds the values, or one of them is NaN.</returns>
    public double Of(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (k > sorted.Length || double.IsNaN(sorted[0]))
            return double.NaN;
        // The i-th smallest of n is the largest of C(i-1, k-1) of the C(n, k) subsets: k/n for the last, each one before by a ratio.
        double share = (double)k / sorted.Length, sum = 0;
        for (int i = sorted.Length; i >= k; i--)
        {
            sum += share * sorted[i - 1];
            share *= (double)(i - k) / (i - 1 == 0 ? 1 : i - 1);
        }
        return sum;
    }
}
