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
    const int Operands = 64;

    // Where the operands of a step start; it moves, so that no product is the same in every step and could be hoisted.
    const int Mask = 31;

    /// <summary>Operations a second of all threads together, two a multiply-add; the median of repeats.</summary>
    public static double Measure(InstructionSet isa, int threads, TimeSpan duration)
    {
        using NativeBuffer<int> operands = new(Operands);
        operands.Span.Fill(0x0001_0001);
        int* data = operands.Data;
        Func<int, long> work = isa switch
        {
            InstructionSet.Avx512 => _ => Pairs512(data),
            InstructionSet.AvxVnni => _ => Quads256(data),
            InstructionSet.Avx2 => _ => Pairs256(data),
            _ => _ => Scalar(data),
        };
        return 2 * Repeats.MedianRate(threads, duration, work);
    }

    static long Pairs512(int* x)
    {
        Vector512<short> w0 = Vector512.Create((short)x[8]), w1 = Vector512.Create((short)x[9]);
        Vector512<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        Vector512<int> a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
        for (int i = 0; i < Steps; i++)
        {
            int* p = x + (i & Mask);
            Add(p[0], w0, w1, ref a0, ref b0);
            Add(p[1], w0, w1, ref a1, ref b1);
            Add(p[2], w0, w1, ref a2, ref b2);
            Add(p[3], w0, w1, ref a3, ref b3);
            Add(p[4], w0, w1, ref a4, ref b4);
            Add(p[5], w0, w1, ref a5, ref b5);
            Add(p[6], w0, w1, ref a6, ref b6);
            Add(p[7], w0, w1, ref a7, ref b7);
        }
        Keep(a0 + b0 + a1 + b1 + a2 + b2 + a3 + b3 + a4 + b4 + a5 + b5 + a6 + b6 + a7 + b7, x);
        return Steps * 16L * 32;
    }

    static long Pairs256(int* x)
    {
        Vector256<short> w0 = Vector256.Create((short)x[8]), w1 = Vector256.Create((short)x[9]);
        Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (int i = 0; i < Steps; i++)
        {
            int* p = x + (i & Mask);
            Add(p[0], w0, w1, ref a0, ref b0);
            Add(p[1], w0, w1, ref a1, ref b1);
            Add(p[2], w0, w1, ref a2, ref b2);
            Add(p[3], w0, w1, ref a3, ref b3);
        }
        Keep((a0 + b0 + a1 + b1 + a2 + b2 + a3 + b3).ToVector512(), x);
        return Steps * 8L * 16;
    }

    static long Quads256(int* x)
    {
        Vector256<sbyte> w0 = Vector256.Create((sbyte)x[8]), w1 = Vector256.Create((sbyte)x[9]);
        Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        Vector256<int> a4 = default, b4 = default, a5 = default, b5 = default;
        for (int i = 0; i < Steps; i++)
        {
            int* p = x + (i & Mask);
            AddQuads(p[0], w0, w1, ref a0, ref b0);
            AddQuads(p[1], w0, w1, ref a1, ref b1);
            AddQuads(p[2], w0, w1, ref a2, ref b2);
            AddQuads(p[3], w0, w1, ref a3, ref b3);
            AddQuads(p[4], w0, w1, ref a4, ref b4);
            AddQuads(p[5], w0, w1, ref a5, ref b5);
        }
        Keep((a0 + b0 + a1 + b1 + a2 + b2 + a3 + b3 + a4 + b4 + a5 + b5).ToVector512(), x);
        return Steps * 12L * 32;
    }

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
    static void Add(int pair, Vector512<short> w0, Vector512<short> w1, ref Vector512<int> sum0, ref Vector512<int> sum1)
    {
        Vector512<short> x = Vector512.Create(pair).AsInt16();
        sum0 += Avx512BW.MultiplyAddAdjacent(x, w0);
        sum1 += Avx512BW.MultiplyAddAdjacent(x, w1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int pair, Vector256<short> w0, Vector256<short> w1, ref Vector256<int> sum0, ref Vector256<int> sum1)
    {
        Vector256<short> x = Vector256.Create(pair).AsInt16();
        sum0 += Avx2.MultiplyAddAdjacent(x, w0);
        sum1 += Avx2.MultiplyAddAdjacent(x, w1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddQuads(int group, Vector256<sbyte> w0, Vector256<sbyte> w1, ref Vector256<int> sum0, ref Vector256<int> sum1)
    {
        Vector256<byte> x = Vector256.Create(group).AsByte();
        sum0 = AvxVnni.MultiplyWideningAndAdd(sum0, x, w0);
        sum1 = AvxVnni.MultiplyWideningAndAdd(sum1, x, w1);
    }

    // A result that nobody reads would let the code generator drop the work.
    static void Keep(Vector512<int> sums, int* x) => x[Operands - 1] = sums[0];
}
