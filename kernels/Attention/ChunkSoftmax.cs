using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.ExactMath;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>
/// Replaces scores[0..count) by exp(score - max) and the rest of the chunk by 0; gives the chunk's maximum and its sum by
/// <see cref="LaneReduction"/>.
/// </summary>
static unsafe class ChunkSoftmax
{
    const int Chunk = HeadShape.Chunk;

    public static (float Max, float Sum) Run(float* scores, int count, InstructionSet form) =>
        form == InstructionSet.Avx512 ? Run512(scores, count) : Run256(scores, count);

    static (float Max, float Sum) Run512(float* scores, int count)
    {
        Vector512<float> lanes = Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        Vector512<float> none = Vector512.Create(float.NegativeInfinity), a = Existing(scores, lanes, count, 0);
        Vector512<float> b = count > 16 ? Existing(scores, lanes, count, 16) : none;
        Vector512<float> c = count > 32 ? Existing(scores, lanes, count, 32) : none;
        Vector512<float> d = count > 48 ? Existing(scores, lanes, count, 48) : none;
        Vector512<float> top = Vector512.MaxNative(Vector512.MaxNative(a, b), Vector512.MaxNative(c, d));
        float max = Largest(Vector256.MaxNative(top.GetLower(), top.GetUpper()));
        Vector512<float> shift = Vector512.Create(max);
        a = ExactSingle.Exp(a - shift);
        a.Store(scores);
        b = count > 16 ? ExactSingle.Exp(b - shift) : default;
        b.Store(scores + 16);
        c = count > 32 ? ExactSingle.Exp(c - shift) : default;
        c.Store(scores + 32);
        d = count > 48 ? ExactSingle.Exp(d - shift) : default;
        d.Store(scores + 48);
        Vector512<float> low = a + c, high = b + d;
        return (max, LaneReduction.Sum(low.GetLower(), low.GetUpper(), high.GetLower(), high.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Existing(float* scores, Vector512<float> lanes, int count, int first) => Vector512.ConditionalSelect(
        Vector512.LessThan(lanes, Vector512.Create((float)(count - first))),
        Vector512.Load(scores + first),
        Vector512.Create(float.NegativeInfinity));

    static (float Max, float Sum) Run256(float* scores, int count)
    {
        Vector256<float> lanes = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7), none = Vector256.Create(float.NegativeInfinity);
        int last = (count - 1) / 8 * 8;
        Vector256<float> rest = Vector256.LessThan(lanes, Vector256.Create((float)(count - last)));
        Vector256.ConditionalSelect(rest, Vector256.Load(scores + last), none).Store(scores + last);
        Vector256<float> top = Vector256.Load(scores);
        for (int j = 8; j <= last; j += 8)
            top = Vector256.MaxNative(top, Vector256.Load(scores + j));
        float max = Largest(top);
        Vector256<float> shift = Vector256.Create(max);
        Vector256<float> a = Exponentials(scores, shift, count, 0);
        Vector256<float> b = Exponentials(scores, shift, count, 8);
        Vector256<float> c = Exponentials(scores, shift, count, 16);
        Vector256<float> d = Exponentials(scores, shift, count, 24);
        a += Exponentials(scores, shift, count, 32);
        b += Exponentials(scores, shift, count, 40);
        c += Exponentials(scores, shift, count, 48);
        d += Exponentials(scores, shift, count, 56);
        return (max, LaneReduction.Sum(a, b, c, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Exponentials(float* scores, Vector256<float> shift, int count, int first)
    {
        Vector256<float> exponentials = first < count ? ExactSingle.Exp(Vector256.Load(scores + first) - shift) : default;
        exponentials.Store(scores + first);
        return exponentials;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float Largest(Vector256<float> values)
    {
        Vector128<float> four = Vector128.Max(values.GetLower(), values.GetUpper());
        Vector128<float> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3)));
        return MathF.Max(two.ToScalar(), two.GetElement(1));
    }
}
