namespace Harness.Statistics;

/// <summary>
/// Binomial coefficients C(n,j) 2^(tilt j), each row times a power of two that keeps it near 1. Powers of two round nothing, so
/// counts below 2^53 stay exact and larger ones never overflow; with 2^tilt near k/(n-k), the columns near j = k n'/n are a row's largest.
/// </summary>
static class ScaledBinomials
{
    const double Large = 1.3407807929942597e154;
    const int LargeExponent = 512;

    /// <summary>Up to so many samples a double holds all counts of subsets, from the smallest to the largest, at once.</summary>
    const int UntiltedMost = 512;

    /// <summary>The tilt that suits drawing k of n, 0 &lt; k &lt; n: log2 k/(n-k), rounded; 0 where none is needed.</summary>
    public static int TiltFor(int samples, int k) =>
        samples <= UntiltedMost ? 0 : Math.ILogB(1.4142135623730951 * k / (samples - k));

    /// <summary>C(n,j) 2^(tilt j) for j = 0..<paramref name="columns"/>-1, each times 2^-exponent.</summary>
    public static (double[] Row, long Exponent) Row(int n, int tilt, int columns)
    {
        double[] row = new double[columns];
        long[] exponents = new long[columns];
        double value = 1;
        long exponent = 0, largest = 0;
        for (int j = 0; j < columns && j <= n; j++)
        {
            row[j] = value;
            exponents[j] = exponent + (long)tilt * j;
            largest = Math.Max(largest, exponents[j] + Math.ILogB(value));
            value = value * (n - j) / (j + 1);
            if (value > Large)
            {
                value /= Large;
                exponent += LargeExponent;
            }
        }
        for (int j = 0; j < columns && j <= n; j++)
            row[j] = Math.ScaleB(row[j], (int)Math.Max(exponents[j] - largest, -4000));
        return (row, largest);
    }
}
