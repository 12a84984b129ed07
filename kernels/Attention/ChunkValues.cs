using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Attention;

/// <summary>The sum of a chunk's values, weighted by its exponentials: a fused multiply-add chain over keys, ascending, for each dimension.</summary>
static unsafe class ChunkValues
{
    /// <summary>output[d] = chain over j of (weight_j * valueScale_j) * value_j[d].</summary>
    /// <param name="weights">[64], 0 past the keys that exist; overwritten with weight_j * valueScale_j.</param>
    /// <param name="output">[padded width].</param>
    public static void Int8(float* weights, in HeadPage page, int paddedWidth, int count, float* output, InstructionSet form)
    {
        for (int j = 0; j < count; j += 8)
            (Vector256.Load(weights + j) * Vector256.Load(page.ValueScales + j)).Store(weights + j);
        int d = 0;
        if (Avx2.IsSupported && form != InstructionSet.Portable)
        {
            for (; d + 32 <= paddedWidth; d += 32)
                Int8Avx2Wide(weights, (sbyte*)page.Values + d, paddedWidth, count, output + d);
            for (; d + 16 <= paddedWidth; d += 16)
                Int8Avx2Half(weights, (sbyte*)page.Values + d, paddedWidth, count, output + d);
            for (; d < paddedWidth; d += 8)
                Int8Avx2(weights, (sbyte*)page.Values + d, paddedWidth, count, output + d);
        }
        else
        {
            Int8Portable(weights, (sbyte*)page.Values, paddedWidth, count, output);
        }
    }

    public static void Int8Portable(float* weights, sbyte* values, int paddedWidth, int count, float* output)
    {
        for (int d = 0; d < paddedWidth; d++)
        {
            float sum = 0;
            for (int j = 0; j < count; j++)
                sum = MathF.FusedMultiplyAdd(weights[j], values[(j * paddedWidth) + d], sum);
            output[d] = sum;
        }
    }

    /// <summary>output[d] = chain over j of weight_j * value_j[d].</summary>
    public static void Single(float* weights, in HeadPage page, int paddedWidth, int count, float* output)
    {
        float* values = (float*)page.Values;
        for (int d = 0; d < paddedWidth; d += 8)
        {
            Vector256<float> sum = default;
            for (int j = 0; j < count; j++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[j]), Vector256.Load(values + (j * paddedWidth) + d), sum);
            sum.Store(output + d);
        }
    }

    static void Int8Avx2Wide(float* weights, sbyte* values, int stride, int count, float* output)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        for (int j = 0; j < count; j++, values += stride)
        {
            Vector256<float> weight = Vector256.Create(weights[j]);
            a = Fma.MultiplyAdd(weight, Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(values)), a);
            b = Fma.MultiplyAdd(weight, Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(values + 8)), b);
            c = Fma.MultiplyAdd(weight, Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(values + 16)), c);
            d = Fma.MultiplyAdd(weight, Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(values + 24)), d);
        }
        a.Store(output);
        b.Store(output + 8);
        c.Store(output + 16);
        d.Store(output + 24);
    }

    static void Int8Avx2Half(float* weights, sbyte* values, int stride, int count, float* output)
    {
        Vector256<float> a = default, b = default;
        for (int j = 0; j < count; j++, values += stride)
        {
            Vector256<float> weight = Vector256.Create(weights[j]);
            a = Fma.MultiplyAdd(weight, Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(values)), a);
            b = Fma.MultiplyAdd(weight, Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(values + 8)), b);
        }
        a.Store(output);
        b.Store(output + 8);
    }

    static void Int8Avx2(float* weights, sbyte* values, int stride, int count, float* output)
    {
        Vector256<float> a = default;
        for (int j = 0; j < count; j++, values += stride)
        {
            Vector256<float> weight = Vector256.Create(weights[j]);
            a = Fma.MultiplyAdd(weight, Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(values)), a);
        }
        a.Store(output);
    }
}
