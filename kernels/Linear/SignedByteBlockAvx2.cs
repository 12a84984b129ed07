using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>
/// Quantises most blocks at once, with a multiplication in place of the division. With |x / scale| at most 128, x * (1 / scale)
/// and x / scale differ by less than 3 * 2^-24 * 128 &lt; 3e-5, so both round to the same integer wherever the former is further
/// than that from a tie. Blocks with a value nearer to one, and every other unusual block, are left to the general form.
/// </summary>
static unsafe class SignedByteBlockAvx2
{
    /// <summary>Counts of values that this form takes are multiples of it.</summary>
    public const int Step = 32;

    const int Lanes = 8;
    const float FarthestFromInteger = 0.4999f;
    const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Stores a block as <see cref="SignedByteBlock"/> does; false where the general form has to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryRound(float* x, int count, float scale, byte* destination, out int correction)
    {
        correction = 0;
        if (!(scale >= SmallestNormal))
            return false;
        Vector256<float> inverse = Vector256.Create(1 / scale);
        Vector256<float> farthest = Vector256<float>.Zero;
        Vector256<ushort> negative = Vector256<ushort>.Zero;
        for (int i = 0; i < count; i += Step)
        {
            Vector256<int> r0 = Round(x + i, inverse, ref farthest), r1 = Round(x + i + Lanes, inverse, ref farthest);
            Vector256<int> r2 = Round(x + i + 2 * Lanes, inverse, ref farthest), r3 = Round(x + i + 3 * Lanes, inverse, ref farthest);
            Vector256<sbyte> mixed = Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(r0, r1), Avx2.PackSignedSaturate(r2, r3));
            // Packing works within halves, which leaves the groups of four in the order 0 2 4 6 1 3 5 7.
            Vector256<sbyte> bytes = Avx2.PermuteVar8x32(mixed.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsSByte();
            negative += SignedByteBlock.Store(bytes, destination + i);
        }
        correction = SignedByteBlock.Sum(negative);
        return !Vector256.GreaterThanAny(farthest, Vector256.Create(FarthestFromInteger));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Round(float* x, Vector256<float> inverse, ref Vector256<float> farthest)
    {
        Vector256<float> quotient = Vector256.Load(x) * inverse;
        Vector256<int> rounded = Avx.ConvertToVector256Int32(quotient);
        farthest = Avx.Max(farthest, Vector256.Abs(quotient - Avx.ConvertToVector256Single(rounded)));
        return rounded;
    }
}
