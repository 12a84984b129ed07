namespace Harness.Statistics;

/// <summary>
/// The chance that the best rewarded of k samples is right, exact over all subsets of k: with samples by falling reward, the i-th
/// decides C(n-i,k-1) of the C(n,k) subsets; samples of equal reward share their subsets alike.
/// </summary>
public sealed class BestOfN
{
    /// <summary>The places of the samples, by falling reward.</summary>
    readonly int[] order;

    /// <summary>For each run of equal rewards, the place after it in the order, and the share of subsets that the run decides.</summary>
    readonly List<(int End, double Share)> runs = [];
    readonly int k;

    /// <param name="rewards">One a sample; none is NaN.</param>
    public BestOfN(ReadOnlySpan<double> rewards, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        this.k = k;
        int samples = rewards.Length;
        order = [.. Enumerable.Range(0, samples)];
        double[] falling = rewards.ToArray();
        if (Array.FindIndex(falling, double.IsNaN) is >= 0 and var unknown)
            throw new ArgumentException($"reward {unknown} is NaN", nameof(rewards));
        Array.Sort(falling, order);
        Array.Reverse(falling);
        Array.Reverse(order);
        double weight = (double)k / samples;
        for (int i = 0; i <= samples - k;)
        {
            double first = falling[i], share = 0;
            for (; i < samples && falling[i] == first; i++)
            {
                share += weight;
                weight *= (double)(samples - i - k) / Math.Max(samples - i - 1, 1);
            }
            runs.Add((i, share));
        }
    }

    /// <summary>NaN where k exceeds the samples.</summary>
    public double Estimate(ReadOnlySpan<bool> correct)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(correct.Length, order.Length);
        if (k > order.Length)
            return double.NaN;
        // The sum of n weights 1/n would not always round to c/n.
        if (k == 1)
            return (double)correct.Count(true) / order.Length;
        double accuracy = 0;
        int first = 0;
        foreach ((int end, double share) in runs)
        {
            int right = 0;
            for (int i = first; i < end; i++)
                right += correct[order[i]] ? 1 : 0;
            accuracy += share * right / (end - first);
            first = end;
        }
        return accuracy;
    }
}
