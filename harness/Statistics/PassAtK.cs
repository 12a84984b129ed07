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

    /// <summary>
    /// The chance that at least <paramref name="least"/> of k samples are right, the sum over j of C(c,j) C(n-c,k-j) / C(n,k): G-Pass@k of
    /// Liu et al. 2024 (arXiv 2412.13147), and with all k pass^k; NaN where k exceeds the samples.
    /// </summary>
    /// <param name="least">From 1 to k.</param>
    public static double AtLeast(int samples, int correct, int k, int least)
    {
        Check(samples, correct, k);
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, k);
        if (least == 1 || k > samples)
            return Coverage(samples, correct, k);
        if (least == k)
            return ShareWithin(samples, correct, k);
        int lowest = Math.Max(0, k - (samples - correct)), highest = Math.Min(correct, k);
        if (least <= lowest || least > highest)
            return least <= lowest ? 1 : 0;
        // Terms relative to the largest, outwards from it, so that none overflows.
        double[] terms = new double[highest + 1];
        int mode = (int)Math.Clamp((long)(k + 1) * (correct + 1) / (samples + 2), lowest, highest);
        terms[mode] = 1;
        for (int right = mode; right < highest; right++)
            terms[right + 1] = terms[right] * Ratio(right);
        for (int right = mode; right > lowest; right--)
            terms[right - 1] = terms[right] / Ratio(right - 1);
        double all = 0, enough = 0;
        for (int right = lowest; right <= highest; right++)
        {
            all += terms[right];
            enough += right >= least ? terms[right] : 0;
        }
        return enough / all;

        // The term of one right sample more over that of so many.
        double Ratio(int right) =>
            (double)(correct - right) / (right + 1) * ((double)(k - right) / (samples - correct - k + right + 1));
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
