namespace Harness.Statistics;

/// <summary>
/// The chance that the best rewarded of k samples is right, exact over all subsets of k: with samples by falling reward, the i-th
/// decides C(n-i,k-1) of the C(n,k) subsets; samples of equal reward share their subsets alike.
/// </summary>
public static class BestOfN
{
    /// <summary>NaN where k exceeds the samples; no reward may be NaN.</summary>
    public static double Estimate(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(correct.Length, rewards.Length);
        int samples = rewards.Length;
        if (k > samples)
            return double.NaN;
        // The sum of n weights 1/n would not always round to c/n.
        if (k == 1)
            return (double)correct.Count(true) / samples;

        double[] falling = rewards.ToArray();
        bool[] right = correct.ToArray();
        Array.Sort(falling, right, Comparer<double>.Create(Falling));
        double accuracy = 0, weight = (double)k / samples;
        for (int first = 0, i = 0; first <= samples - k; first = i)
        {
            double weights = 0;
            int rightOnes = 0;
            for (; i < samples && falling[i] == falling[first]; i++)
            {
                weights += weight;
                rightOnes += right[i] ? 1 : 0;
                weight *= (double)(samples - i - k) / Math.Max(samples - i - 1, 1);
            }
            accuracy += weights * rightOnes / (i - first);
        }
        return accuracy;
    }

    static int Falling(double a, double b) => double.IsNaN(a) || double.IsNaN(b)
        ? throw new ArgumentException($"a reward is NaN ({a}, {b})")
        : b.CompareTo(a);
}
