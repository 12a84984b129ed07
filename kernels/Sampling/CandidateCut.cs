using System.Numerics;

namespace Harness.Kernels.Sampling;

/// <summary>
/// Where a descending order of candidates is to be cut, found by histograms instead of sorting. A candidate is a distinct 64-bit key whose
/// upper bits are its weight.
/// </summary>
static class CandidateCut
{
    /// <summary>Candidates that are sorted, once so few are left.</summary>
    const int Few = 48;

    /// <summary>The first histogram is by a weight's exponent and this many bits below, since weights span many powers of two.</summary>
    const int MantissaBits = 5;

    const int DoubleMantissaBits = 52;
    const int DoubleExponentOfOne = 1023;
    const int FirstBins = 64 << MantissaBits;

    /// <summary>Later ones halve the candidates' range this many times.</summary>
    const int LaterBits = 8;

    /// <summary>The key of the candidate at which the sum over candidates, the largest first, reaches <paramref name="target"/>.</summary>
    /// <param name="keys">Not changed.</param>
    /// <param name="target">At least 1, at most the sum over all.</param>
    /// <param name="weightShift">The bits below a weight; or 64: each candidate counts 1.</param>
    /// <param name="scratch">As long as <paramref name="keys"/>; overwritten.</param>
    public static ulong Find(ReadOnlySpan<ulong> keys, ulong target, int weightShift, Span<ulong> scratch)
    {
        Span<ulong> sums = stackalloc ulong[FirstBins];
        sums.Clear();
        foreach (ulong key in keys)
            sums[FirstBin(key)] += Amount(key, weightShift);
        int bin = Pass(sums, ref target);
        int count = 0;
        foreach (ulong key in keys)
        {
            if (FirstBin(key) == bin)
                scratch[count++] = key;
        }
        return FindWithin(scratch[..count], target, weightShift, sums[..(1 << LaterBits)]);
    }

    static ulong FindWithin(Span<ulong> keys, ulong target, int weightShift, Span<ulong> sums)
    {
        while (keys.Length > Few)
        {
            (ulong least, ulong most) = Range(keys);
            int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(most - least) - LaterBits);
            sums.Clear();
            foreach (ulong key in keys)
                sums[(int)((key - least) >> shift)] += Amount(key, weightShift);
            int bin = Pass(sums, ref target);
            int count = 0;
            foreach (ulong key in keys)
            {
                if ((int)((key - least) >> shift) == bin)
                    keys[count++] = key;
            }
            keys = keys[..count];
        }
        keys.Sort();
        int last = keys.Length - 1;
        for (; last > 0 && Amount(keys[last], weightShift) < target; last--)
            target -= Amount(keys[last], weightShift);
        return keys[last];
    }

    /// <summary>The bin in which the sum from the last bin down reaches the target, which is left as what that bin has to give.</summary>
    static int Pass(ReadOnlySpan<ulong> sums, ref ulong target)
    {
        int bin = sums.Length - 1;
        for (; bin > 0 && sums[bin] < target; bin--)
            target -= sums[bin];
        return bin;
    }

    static (ulong Least, ulong Most) Range(ReadOnlySpan<ulong> keys)
    {
        (ulong least, ulong most) = (keys[0], keys[0]);
        foreach (ulong key in keys)
            (least, most) = (Math.Min(least, key), Math.Max(most, key));
        return (least, most);
    }

    static ulong Amount(ulong key, int weightShift) => weightShift == 64 ? 1 : key >> weightShift;

    /// <summary>Ascends with the key; its upper 52 bits are exact as a double.</summary>
    static int FirstBin(ulong key) =>
        (int)(BitConverter.DoubleToUInt64Bits((long)(key >> 12) + 1) >> (DoubleMantissaBits - MantissaBits))
            - (DoubleExponentOfOne << MantissaBits);
}
