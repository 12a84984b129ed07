using Harness.Kernels.Sampling;

namespace Harness.Statistics;

/// <summary>
/// Fisher's paired randomisation test: how often the mean difference is as large in size when each problem's two values are swapped
/// at random. Where there are few ways to swap, all of them are counted; else a seed draws some.
/// </summary>
public static class PairedPermutation
{
    public const int DefaultPermutations = 2000;

    /// <summary>Differences as integers, so that equal sums are equal in whatever order they were added.</summary>
    const double Units = 1L << 40;

    /// <summary>The two-sided p; with drawn swaps (1 + as large) / (1 + drawn), never 0 (Phipson and Smyth 2010).</summary>
    public static double PValue(double[] first, double[] second, ulong seed, int permutations = DefaultPermutations)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        long[] differences = [.. first.Zip(second, ToUnits).Where(difference => difference != 0)];
        long observed = Math.Abs(differences.Sum());
        return differences.Length < 62 && 1L << differences.Length <= permutations
            ? Enumerated(differences, observed)
            : Drawn(differences, observed, seed, permutations);
    }

    static long ToUnits(double first, double second) => double.IsNaN(first) || double.IsNaN(second)
        ? throw new ArgumentException($"a paired value is NaN ({first}, {second})")
        : (long)Math.Round((first - second) * Units);

    static double Enumerated(long[] differences, long observed)
    {
        int all = 1 << differences.Length, asLarge = 0;
        for (int swaps = 0; swaps < all; swaps++)
        {
            long sum = 0;
            for (int i = 0; i < differences.Length; i++)
                sum += (swaps >> i & 1) == 0 ? differences[i] : -differences[i];
            asLarge += Math.Abs(sum) >= observed ? 1 : 0;
        }
        return (double)asLarge / all;
    }

    static double Drawn(long[] differences, long observed, ulong seed, int permutations)
    {
        int asLarge = 0;
        for (int permutation = 0; permutation < permutations; permutation++)
        {
            RandomStream random = new(seed, RandomPurpose.Permutation, (uint)permutation, (uint)differences.Length);
            long sum = 0;
            uint swaps = 0;
            for (int i = 0; i < differences.Length; i++, swaps >>= 1)
            {
                if (i % 32 == 0)
                    swaps = random.Next();
                sum += (swaps & 1) == 0 ? differences[i] : -differences[i];
            }
            asLarge += Math.Abs(sum) >= observed ? 1 : 0;
        }
        return (1.0 + asLarge) / (1.0 + permutations);
    }
}
