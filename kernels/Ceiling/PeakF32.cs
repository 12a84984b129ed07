using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Ceiling;

/// <summary>The most float32 fused multiply-adds that .NET reaches: weights and sums in registers, activations broadcast from the nearest cache.</summary>
public static unsafe class PeakF32
{
    const int Steps = 4096;
    const int Operands = 64;

    // Where the operands of a step start; it moves, so that no product is the same in every step and could be hoisted.
    const int Mask = 31;

    /// <summary>Operations a second of all threads together, two a multiply-add; the median of repeats.</summary>
    public static double Measure(InstructionSet isa, int threads, TimeSpan duration)
    {
        using NativeBuffer<float> operands = new(Operands);
        operands.Span.Fill(0.5f);
        float* data = operands.Data;
        Func<int, long> work = isa switch
        {
            InstructionSet.Avx512 => _ => Fused512(data),
            InstructionSet.AvxVnni or InstructionSet.Avx2 => _ => Fused256(data),
            _ => _ => Scalar(data),
        };
        return 2 * Repeats.MedianRate(threads, duration, work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Fused512(float* x)
    {
        Vector512<float> w0 = Vector512.Create(x[8]), w1 = Vector512.Create(x[9]);
        Vector512<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        Vector512<float> a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
        for (int i = 0; i < Steps; i++)
        {
            float* p = x + (i & Mask);
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
        return Steps * 16L * 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Fused256(float* x)
    {
        Vector256<float> w0 = Vector256.Create(x[8]), w1 = Vector256.Create(x[9]);
        Vector256<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        Vector256<float> a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        for (int i = 0; i < Steps; i++)
        {
            float* p = x + (i & Mask);
            Add(p[0], w0, w1, ref a0, ref b0);
            Add(p[1], w0, w1, ref a1, ref b1);
            Add(p[2], w0, w1, ref a2, ref b2);
            Add(p[3], w0, w1, ref a3, ref b3);
            Add(p[4], w0, w1, ref a4, ref b4);
            Add(p[5], w0, w1, ref a5, ref b5);
        }
        Keep((a0 + b0 + a1 + b1 + a2 + b2 + a3 + b3 + a4 + b4 + a5 + b5).ToVector512(), x);
        return Steps * 12L * 8;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Scalar(float* x)
    {
        float a = 0, b = 0, c = 0, d = 0;
        for (int i = 0; i < Steps; i++)
        {
            float* p = x + (i & Mask);
            a = MathF.FusedMultiplyAdd(p[0], p[4], a);
            b = MathF.FusedMultiplyAdd(p[1], p[5], b);
            c = MathF.FusedMultiplyAdd(p[2], p[6], c);
            d = MathF.FusedMultiplyAdd(p[3], p[7], d);
        }
        x[Operands - 1] = a + b + c + d;
        return Steps * 4L;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(float x, Vector512<float> w0, Vector512<float> w1, ref Vector512<float> sum0, ref Vector512<float> sum1)
    {
        Vector512<float> factor = Vector512.Create(x);
        sum0 = Avx512F.FusedMultiplyAdd(factor, w0, sum0);
        sum1 = Avx512F.FusedMultiplyAdd(factor, w1, sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(float x, Vector256<float> w0, Vector256<float> w1, ref Vector256<float> sum0, ref Vector256<float> sum1)
    {
        Vector256<float> factor = Vector256.Create(x);
        sum0 = Fma.MultiplyAdd(factor, w0, sum0);
        sum1 = Fma.MultiplyAdd(factor, w1, sum1);
    }

    // A result that nobody reads would let the code generator drop the work.
    static void Keep(Vector512<float> sums, float* x) => x[Operands - 1] = sums[0];
}
