using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// Symmetric int8 quantisation of one run of floats: scale = max|x| / 127, q = x / scale rounded to even within [-127, 127].
/// A run of zeros, or one whose scale underflows, has scale 0 and q 0.
/// </summary>
static unsafe class Int8Rounding
{
    const uint InfinityBits = 0x7F80_0000;
    const int Limit = 127;

    /// <summary>Writes <paramref name="count"/> values and returns their scale: NaN where a value is NaN or infinite, and then nothing is written.</summary>
    public static float Quantize(float* x, int count, short* q, InstructionSet isa)
    {
        uint largest = isa switch
        {
            InstructionSet.Portable => LargestBits(x, 0, count, 0),
            InstructionSet.Avx512 => LargestBits512(x, count),
            _ => LargestBits256(x, count),
        };
        if (largest >= InfinityBits)
            return float.NaN;
        float scale = BitConverter.UInt32BitsToSingle(largest) / Limit;
        if (scale == 0)
            new Span<short>(q, count).Clear();
        else if (isa == InstructionSet.Portable)
            Round(x, 0, count, scale, q);
        else if (isa == InstructionSet.Avx512)
            Round512(x, count, scale, q);
        else
            Round256(x, count, scale, q);
        return scale;
    }

    // Without their sign, the bits of floats order as the floats do, with infinity and NaN above every finite value.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static uint LargestBits(float* x, int start, int count, uint largest)
    {
        for (int i = start; i < count; i++)
            largest = Math.Max(largest, BitConverter.SingleToUInt32Bits(x[i]) & ~(1u << 31));
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Round(float* x, int start, int count, float scale, short* q)
    {
        for (int i = start; i < count; i++)
            q[i] = (short)Math.Clamp((int)MathF.Round(x[i] / scale, MidpointRounding.ToEven), -Limit, Limit);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static uint LargestBits256(float* x, int count)
    {
        Vector256<uint> largest = Vector256<uint>.Zero;
        Vector256<uint> magnitude = Vector256.Create(~(1u << 31));
        int i = 0;
        for (; i + 8 <= count; i += 8)
            largest = Vector256.Max(largest, Vector256.Load((uint*)(x + i)) & magnitude);
        return LargestBits(x, i, count, Largest(Vector128.Max(largest.GetLower(), largest.GetUpper())));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static uint LargestBits512(float* x, int count)
    {
        Vector512<uint> largest = Vector512<uint>.Zero;
        Vector512<uint> magnitude = Vector512.Create(~(1u << 31));
        int i = 0;
        for (; i + 16 <= count; i += 16)
            largest = Vector512.Max(largest, Vector512.Load((uint*)(x + i)) & magnitude);
        Vector256<uint> half = Vector256.Max(largest.GetLower(), largest.GetUpper());
        return LargestBits(x, i, count, Largest(Vector128.Max(half.GetLower(), half.GetUpper())));
    }

    static uint Largest(Vector128<uint> values)
    {
        values = Vector128.Max(values, Vector128.Shuffle(values, Vector128.Create(2u, 3, 0, 1)));
        return Math.Max(values[0], values[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Round256(float* x, int count, float scale, short* q)
    {
        Vector256<float> divisor = Vector256.Create(scale);
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            Vector256<short> packed = Vector256.Narrow(Round(x + i, divisor), Round(x + i + 8, divisor));
            packed.Store(q + i);
        }
        Round(x, i, count, scale, q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Round(float* x, Vector256<float> divisor)
    {
        Vector256<int> rounded = Avx.ConvertToVector256Int32(Vector256.Load(x) / divisor);
        return Vector256.Min(Vector256.Max(rounded, Vector256.Create(-Limit)), Vector256.Create(Limit));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Round512(float* x, int count, float scale, short* q)
    {
        Vector512<float> divisor = Vector512.Create(scale);
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            Vector512<int> rounded = Avx512F.ConvertToVector512Int32(Vector512.Load(x + i) / divisor);
            rounded = Vector512.Min(Vector512.Max(rounded, Vector512.Create(-Limit)), Vector512.Create(Limit));
            Avx512F.ConvertToVector256Int16(rounded).Store(q + i);
        }
        Round(x, i, count, scale, q);
    }
}
