using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Sampling;

/// <summary>Eight successive blocks of <see cref="Philox"/> at once, four to a register, each word in the low half of a lane.</summary>
static class PhiloxAvx2
{
    public const int Words = 32;

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>The words of the blocks whose third counter word is c2, c2 + 1 .. c2 + 7, in their order.</summary>
    /// <param name="words">[32], to fill in.</param>
    public static void Fill(ulong key, uint c0, uint c1, uint c2, uint c3, Span<uint> words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(words.Length, Words);
        Vector256<ulong> first0 = Vector256.Create((ulong)c0), first1 = Vector256.Create((ulong)c1), first3 = Vector256.Create((ulong)c3);
        Vector256<ulong> first2 = Vector256.Create(c2, (ulong)(c2 + 1), c2 + 2, c2 + 3);
        (Vector256<ulong> second0, Vector256<ulong> second1, Vector256<ulong> second3) = (first0, first1, first3);
        Vector256<ulong> second2 = Vector256.Create(c2 + 4, (ulong)(c2 + 5), c2 + 6, c2 + 7);
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> keys0 = Vector256.Create((ulong)key0), keys1 = Vector256.Create((ulong)key1);
            Round(ref first0, ref first1, ref first2, ref first3, keys0, keys1);
            Round(ref second0, ref second1, ref second2, ref second3, keys0, keys1);
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }
        Store(first0, first1, first2, first3, words);
        Store(second0, second1, second2, second3, words[(Words / 2)..]);
    }

    /// <summary>What products leave in the high halves of the lanes is not read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Round(
        ref Vector256<ulong> c0, ref Vector256<ulong> c1, ref Vector256<ulong> c2, ref Vector256<ulong> c3,
        Vector256<ulong> key0, Vector256<ulong> key1)
    {
        Vector256<ulong> product0 = Avx2.Multiply(c0.AsUInt32(), Vector256.Create((ulong)Philox.Multiplier0).AsUInt32());
        Vector256<ulong> product1 = Avx2.Multiply(c2.AsUInt32(), Vector256.Create((ulong)Philox.Multiplier1).AsUInt32());
        (c0, c2) = ((product1 >> 32) ^ c1 ^ key0, (product0 >> 32) ^ c3 ^ key1);
        (c1, c3) = (product1, product0);
    }

    /// <summary>From words of four blocks side by side to the words of one block after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector256<ulong> c0, Vector256<ulong> c1, Vector256<ulong> c2, Vector256<ulong> c3, Span<uint> words)
    {
        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> firstHalf = (c0 & low) | (c1 << 32), secondHalf = (c2 & low) | (c3 << 32);
        Vector256<ulong> even = Avx2.UnpackLow(firstHalf, secondHalf), odd = Avx2.UnpackHigh(firstHalf, secondHalf);
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().CopyTo(words);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().CopyTo(words[8..]);
    }
}
