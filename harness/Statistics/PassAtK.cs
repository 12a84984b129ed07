namespace Harness.Statistics;

/// <summary>
/// A chance over the subsets of k of a problem's n samples, c of them right: pass@k of Chen et al. 2021 (arXiv 2107.03374).
/// </summary>
public static class PassAtK
{
    /// <summary>The chance that at least one of k samples is right, 1 - C(n-c,k)/C(n,k); NaN where k exceeds the samples.</summary>
    public static double Coverage(int samples, int correct, int k)
    {
        Check(samples, correct, k);
        if (k > samples)
            return double.NaN;
        // 1 - (n-c)/n would not always round to c/n.
        return k == 1 ? (double)correct / samples : 1 - ShareWithin(samples, samples - correct, k);
    }

    /// <summary>C(kept,k)/C(n,k), as the shorter of two equal products.</summary>
    static double ShareWithin(int samples, int kept, int k)
    {
        if (k > kept)
            return 0;
        int left = samples - kept, removed = Math.Min(left, k), other = Math.Max(left, k);
        double share = 1;
        for (int i = 0; i < removed; i++)
            share *= (double)(samples - other - i) / (samples - i);
        return share;
    }

    static void Check(int samples, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
    }
}
