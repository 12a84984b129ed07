using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Ceiling;

/// <summary>
/// The most int8 multiply-adds with exact int32 sums that .NET reaches: the instructions of the int8 linear's register tile,
/// weights and sums in registers, activations broadcast from the nearest cache, nothing else.
/// </summary>
public static unsafe class PeakInt8
{
    const int Steps = 4096;
    const int Operands = 128;
    const int Signs = 64;

    // Where the operands of a step start; it moves, so that no product is the same in every step and could be hoisted.
    const int Mask = 31;

    /// <summary>Operations a second of all threads together, two a multiply-add; the median of repeats.</summary>
    public static double Measure(InstructionSet isa, int threads, TimeSpan duration)
    {
        using NativeBuffer<int> operands = new(Operands);
        int* data = operands.Data;
        for (int i = 0; i < Signs; i++)
        {
            data[i] = (int)(BitOperations.RotateLeft(0x1B3F_5D71u, i) & 0x7F7F_7F7Fu);
            data[Signs + i] = i % 2 == 0 ? 0x00FF_00FF : -1;
        }
        Func<int, long> work = isa switch
        {
            InstructionSet.Avx512 => _ => Bytes512(data),
            InstructionSet.AvxVnni => _ => Vnni256(data),
            InstructionSet.Avx2 => _ => Bytes256(data),
            _ => _ => Scalar(data),
        };
        return 2 * Repeats.MedianRate(threads, duration, work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Bytes512(int* x)
    {
        Vector512<sbyte> w0 = Vector512.Create((sbyte)x[8]), w1 = Vector512.Create((sbyte)x[9]);
        Vector512<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        Vector512<int> a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
        for (int i = 0; i < Steps; i++)
        {
            int* p = x + (i & Mask);
            Add(p, w0, w1, ref a0, ref b0);
            Add(p + 1, w0, w1, ref a1, ref b1);
            Add(p + 2, w0, w1, ref a2, ref b2);
            Add(p + 3, w0, w1, ref a3, ref b3);
            Add(p + 4, w0, w1, ref a4, ref b4);
            Add(p + 5, w0, w1, ref a5, ref b5);
            Add(p + 6, w0, w1, ref a6, ref b6);
            Add(p + 7, w0, w1, ref a7, ref b7);
        }
        Keep(a0 + b0 + a1 + b1 + a2 + b2 + a3 + b3 + a4 + b4 + a5 + b5 + a6 + b6 + a7 + b7, x);
        return Steps * 16L * 64;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Bytes256(int* x)
    {
        Vector256<sbyte> w0 = Vector256.Create((sbyte)x[8]), w1 = Vector256.Create((sbyte)x[9]);
        Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (int i = 0; i < Steps; i++)
        {
            int* p = x + (i & Mask);
            Add(p, w0, w1, ref a0, ref b0);
            Add(p + 1, w0, w1, ref a1, ref b1);
            Add(p + 2, w0, w1, ref a2, ref b2);
            Add(p + 3, w0, w1, ref a3, ref b3);
        }
        Keep((a0 + b0 + a1 + b1 + a2 + b2 + a3 + b3).ToVector512(), x);
        return Steps * 8L * 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Vnni256(int* x)
    {
        Vector256<sbyte> w0 = Vector256.Create((sbyte)x[8]), w1 = Vector256.Create((sbyte)x[9]);
        Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        Vector256<int> a4 = default, b4 = default, a5 = default, b5 = default;
        for (int i = 0; i < Steps; i++)
        {
            int* p = x + (i & Mask);
            AddVnni(p[0], w0, w1, ref a0, ref b0);
            AddVnni(p[1], w0, w1, ref a1, ref b1);
            AddVnni(p[2], w0, w1, ref a2, ref b2);
            AddVnni(p[3], w0, w1, ref a3, ref b3);
            AddVnni(p[4], w0, w1, ref a4, ref b4);
            AddVnni(p[5], w0, w1, ref a5, ref b5);
        }
        Keep((a0 + b0 + a1 + b1 + a2 + b2 + a3 + b3 + a4 + b4 + a5 + b5).ToVector512(), x);
        return Steps * 12L * 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Scalar(int* x)
    {
        int a = 0, b = 0, c = 0, d = 0;
        for (int i = 0; i < Steps; i++)
        {
            int* p = x + (i & Mask);
            a += p[0] * p[4];
            b += p[1] * p[5];
            c += p[2] * p[6];
            d += p[3] * p[7];
        }
        x[Operands - 1] = a + b + c + d;
        return Steps * 4L;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int* x, Vector512<sbyte> w0, Vector512<sbyte> w1, ref Vector512<int> sum0, ref Vector512<int> sum1)
    {
        Vector512<byte> magnitude = Vector512.Create(x[0]).AsByte();
        Vector512<sbyte> sign = Vector512.Create(x[Signs]).AsSByte();
        sum0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(magnitude, w0 ^ sign), Vector512<short>.One);
        sum1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(magnitude, w1 ^ sign), Vector512<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int* x, Vector256<sbyte> w0, Vector256<sbyte> w1, ref Vector256<int> sum0, ref Vector256<int> sum1)
    {
        Vector256<byte> magnitude = Vector256.Create(x[0]).AsByte();
        Vector256<sbyte> sign = Vector256.Create(x[Signs]).AsSByte();
        sum0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(magnitude, w0 ^ sign), Vector256<short>.One);
        sum1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(magnitude, w1 ^ sign), Vector256<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddVnni(int group, Vector256<sbyte> w0, Vector256<sbyte> w1, ref Vector256<int> sum0, ref Vector256<int> sum1)
    {
        Vector256<byte> x = Vector256.Create(group).AsByte();
        sum0 = AvxVnni.MultiplyWideningAndAdd(sum0, x, w0);
        sum1 = AvxVnni.MultiplyWideningAndAdd(sum1, x, w1);
    }

    // A result that nobody reads would let the code generator drop the work.
    static void Keep(Vector512<int> sums, int* x) => x[Operands - 1] = sums[0];
}
