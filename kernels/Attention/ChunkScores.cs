using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Cpu;
using Harness.Kernels.Numerics;

namespace Harness.Kernels.Attention;

/// <summary>Scores of one query against the keys of one chunk, and their softmax within the chunk.</summary>
static unsafe class ChunkScores
{
    const int Chunk = AttentionShape.Chunk;

    /// <summary>scores[j] = (float)(q . k_j) * keyScale_j * queryScale, the dot product in int32.</summary>
    /// <param name="query">int8 values as int16 [head width].</param>
    /// <param name="count">Keys that exist, 1..64; scores up to the next multiple of 16 are written.</param>
    public static void Int8(short* query, float queryScale, in HeadPage page, int headWidth, int count, float* scores, InstructionSet form)
    {
        if (Avx2.IsSupported && form != InstructionSet.Portable)
            Int8Avx2(query, queryScale, page, headWidth, count, scores);
        else
            Int8Portable(query, queryScale, page, headWidth, count, scores);
    }

    public static void Int8Portable(short* query, float queryScale, in HeadPage page, int headWidth, int count, float* scores)
    {
        sbyte* keys = (sbyte*)page.Keys;
        for (int j = 0; j < count; j++)
        {
            int sum = 0;
            for (int i = 0; i < headWidth; i++)
                sum += query[i] * keys[HeadPage.Int8Key(j, i, headWidth)];
            scores[j] = sum * page.KeyScales[j] * queryScale;
        }
    }

    /// <summary>scores[j] = (q . k_j) * scale, a fused multiply-add chain over the head's dimensions in blocks of 64.</summary>
    public static void Single(float* query, float scale, in HeadPage page, int headWidth, int count, float* scores)
    {
        float* keys = (float*)page.Keys;
        for (int j = 0; j < count; j += 8)
        {
            float* group = keys + HeadPage.SingleKey(j, 0, headWidth);
            Vector256<float> total = default;
            for (int block = 0; block < headWidth; block += 64)
            {
                Vector256<float> sum = default;
                int end = Math.Min(block + 64, headWidth);
                for (int i = block; i < end; i++)
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create(query[i]), Vector256.Load(group + (i * HeadPage.SingleGroup)), sum);
                total += sum;
            }
            (total * Vector256.Create(scale)).Store(scores + j);
        }
    }

    /// <summary>
    /// Replaces scores[0..count) by exp(score - max) and the rest of the chunk by 0.
    /// </summary>
    /// <returns>The chunk's maximum and its sum by <see cref="LaneReduction"/>.</returns>
    public static (float Max, float Sum) Softmax(float* scores, int count)
    {
        for (int j = count; j < Chunk; j++)
            scores[j] = float.NegativeInfinity;
        Vector256<float> top = Vector256.Load(scores);
        for (int j = 8; j < Chunk; j += 8)
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
        Vector256<float> exponentials = first < count ? ExactMathF.Exp(Vector256.Load(scores + first) - shift) : default;
        exponentials.Store(scores + first);
        return exponentials;
    }

    static float Largest(Vector256<float> values)
    {
        Vector128<float> four = Vector128.Max(values.GetLower(), values.GetUpper());
        Vector128<float> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3)));
        return MathF.Max(two.ToScalar(), two.GetElement(1));
    }

    static void Int8Avx2(short* query, float queryScale, in HeadPage page, int headWidth, int count, float* scores)
    {
        Vector256<float> scale = Vector256.Create(queryScale);
        sbyte* keys = (sbyte*)page.Keys;
        for (int j = 0; j < count; j += HeadPage.Int8Group)
        {
            Vector256<int> low = default, high = default;
            for (int i = 0; i < headWidth; i += 2)
            {
                Vector256<short> pair = Vector256.Create(*(int*)(query + i)).AsInt16();
                low += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(keys), pair);
                high += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(keys + 16), pair);
                keys += HeadPage.Int8Group * 2;
            }
            (Vector256.ConvertToSingle(low) * Vector256.Load(page.KeyScales + j) * scale).Store(scores + j);
            (Vector256.ConvertToSingle(high) * Vector256.Load(page.KeyScales + j + 8) * scale).Store(scores + j + 8);
        }
    }
}
