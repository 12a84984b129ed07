using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Attention;

/// <remarks>
/// Gradients, with p_ij the probability that query i gives key j: dp_ij = do_i . v_j, ds_ij = p_ij (dp_ij - do_i . o_i) / sqrt(width),
/// dq_i = sum over j of ds_ij k_j, dk_j = sum over i of ds_ij q_i, dv_j = sum over i of p_ij do_i. Sums over keys and over queries go by
/// blocks of 64 positions, those over the query heads of one key head in ascending order outside of them.
/// </remarks>
public sealed unsafe partial class SequenceAttention
{
    /// <summary>Gradients of queries, keys and values, as they are after RoPE.</summary>
    /// <param name="qkv">As in <see cref="Forward"/>.</param>
    /// <param name="step">Floats from a row of <paramref name="qkv"/> to the next.</param>
    /// <param name="rows">Tokens of the sequence.</param>
    /// <param name="mixed">What <see cref="Forward"/> gave.</param>
    /// <param name="dMixed">[rows, query width], apart as the rows of <paramref name="mixed"/>: its gradient.</param>
    /// <param name="mixedStep">Floats from a row of both to the next.</param>
    /// <param name="dQkv">[rows, queries, keys and values]: the result.</param>
    /// <param name="dQkvStep">Floats from a row of <paramref name="dQkv"/> to the next.</param>
    public void Backward(float* qkv, int step, int rows, float* mixed, float* dMixed, int mixedStep, float* dQkv, int dQkvStep)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, length);
        for (int kvHead = 0; kvHead < config.KvHeads; kvHead++)
        {
            int keyOffset = config.QueryWidth + (kvHead * width), valueOffset = keyOffset + config.KvWidth;
            Transpose(qkv + keyOffset, step, rows, keys);
            Transpose(qkv + valueOffset, step, rows, values);
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
            {
                int offset = head * width;
                bool further = head > kvHead * group;
                Weigh(qkv + offset, step, rows);
                for (int row = 0; row < rows; row++)
                {
                    float* o = mixed + ((nint)row * mixedStep) + offset, dO = dMixed + ((nint)row * mixedStep) + offset;
                    dots.Data[row] = LaneReduction.SumOfProducts(dO, o, width);
                    float inverse = Normalise(row);
                    for (int first = 0; first <= row; first += Chunk)
                        maxima.Data[Place(first, row)] *= inverse;
                }
                for (int first = 0; first < rows; first += Chunk)
                {
                    float* dOutput = dMixed + ((nint)first * mixedStep) + offset;
                    Multiply(dOutput, mixedStep, values, first, rows, gradients.Data);
                    for (int row = first; row < rows; row++)
                        ScoreGradients(first, row);
                    float* key = qkv + ((nint)first * step) + keyOffset, query = qkv + ((nint)first * step) + offset;
                    float* d = dQkv + ((nint)first * dQkvStep);
                    SumOverKeys(key, step, first, rows, d + offset, dQkvStep);
                    SumOverQueries(gradients.Data, query, step, first, rows, d + keyOffset, dQkvStep, further);
                    SumOverQueries(WeightsOf(first, first), dOutput, mixedStep, first, rows, d + valueOffset, dQkvStep, further);
                }
            }
        }
    }

    /// <summary>Makes the weights of a row for a chunk into probabilities, and the gradients of those into gradients of scores.</summary>
    void ScoreGradients(int first, int row)
    {
        float* p = WeightsOf(first, row), ds = gradients.Data + ((nint)(row - first) * Chunk);
        Vector256<float> factor = Vector256.Create(maxima.Data[Place(first, row)]);
        Vector256<float> dot = Vector256.Create(dots.Data[row]), scores = Vector256.Create(scale);
        int end = RoundUp(Math.Min(Chunk, row + 1 - first), KeyGroup);
        int i = 0;
        for (; i < end; i += Vector)
        {
            Vector256<float> probability = Vector256.Load(p + i) * factor;
            probability.Store(p + i);
            (probability * (Vector256.Load(ds + i) - dot) * scores).Store(ds + i);
        }
        for (; i < Chunk; i += Vector)
            Vector256<float>.Zero.Store(ds + i);
    }

    /// <summary>dq of the rows from <paramref name="first"/> on: its chunk's part, added to those of the chunks before.</summary>
    void SumOverKeys(float* key, int step, int first, int rows, float* dQuery, int dStep) => GemmF32.Run(
        new GemmOperands
        {
            A = gradients.Data,
            RowStepA = Chunk,
            TermStepA = 1,
            B = key,
            StepB = step,
            C = dQuery,
            StepC = dStep,
            Rows = rows - first,
            Columns = width,
            Terms = Math.Min(Chunk, rows - first),
            Accumulate = first > 0,
        },
        form);

    /// <summary>dk or dv of the chunk that begins at <paramref name="first"/>.</summary>
    void SumOverQueries(float* factors, float* vectors, int step, int first, int rows, float* d, int dStep, bool accumulate) => GemmF32.Run(
        new GemmOperands
        {
            A = factors,
            RowStepA = 1,
            TermStepA = Chunk,
            B = vectors,
            StepB = step,
            C = d,
            StepC = dStep,
            Rows = Math.Min(Chunk, rows - first),
            Columns = width,
            Terms = rows - first,
            Accumulate = accumulate,
        },
        form);
}
