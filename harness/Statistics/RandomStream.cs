using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Harness.Kernels.Sampling;

namespace Harness.Statistics;

/// <summary>A sequence of random words: Philox4x32-10 at counters (first, second, 0.., purpose).</summary>
struct RandomStream(ulong seed, RandomPurpose purpose, uint first, uint second)
{
    Words words;
    uint blocks;
    int next, filled;

    [InlineArray(Philox.MostWords)]
    struct Words
    {
        uint first;
    }

    public uint Next()
    {
        if (next == filled)
            Fill();
        return words[next++];
    }

    /// <summary>The next words: at least one, and no more than so many.</summary>
    [UnscopedRef]
    public ReadOnlySpan<uint> Take(int most)
    {
        if (next == filled)
            Fill();
        int count = Math.Min(most, filled - next);
        next += count;
        return ((ReadOnlySpan<uint>)words).Slice(next - count, count);
    }

    /// <summary>0..<paramref name="count"/>-1. Chances differ by less than count/2^32, far below any Monte Carlo error here.</summary>
    public int Below(int count) => (int)((ulong)Next() * (uint)count >> 32);

    [MethodImpl(MethodImplOptions.NoInlining)]
    void Fill()
    {
        filled = Philox.Fill(seed, first, second, blocks, purpose, words);
        blocks += (uint)filled / 4;
        next = 0;
    }
}
