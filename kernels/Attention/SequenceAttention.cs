using System.Runtime.Intrinsics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Attention;

/// <summary>
/// Causal attention of a whole sequence at once, for training: the numbers of <see cref="AttentionCpu"/> in float32 to the bit, from the
/// rows of queries, keys and values themselves, and their gradients. Scratch of one worker.
/// </summary>
/// <remarks>
/// Keys beyond a query's position are computed and given a weight of 0, which leaves every sum (<see cref="GemmF32"/>).
/// </remarks>
public sealed unsafe partial class SequenceAttention : IDisposable
{
    const int Chunk = PageSize.Tokens;
    const int Vector = 8;
    const int KeyGroup = 16;
    const int Square = TransposedSquare.Side;

    readonly ModelConfig config;
    readonly InstructionSet form;
    readonly int width;
    readonly int group;
    readonly int length;
    readonly float scale;
    readonly RowBuffer keys;
    readonly RowBuffer values;
    readonly NativeBuffer<float> weights;
    readonly NativeBuffer<float> gradients;
    readonly RowBuffer partials;
    readonly NativeBuffer<float> maxima;
    readonly NativeBuffer<float> sums;
    readonly NativeBuffer<float> dots;

    /// <param name="config">Its heads.</param>
    /// <param name="length">Rows of the longest sequence.</param>
    /// <param name="form">Form of the kernels.</param>
    public SequenceAttention(ModelConfig config, int length, InstructionSet form)
    {
        this.config = config;
        this.form = form;
        this.length = length;
        width = config.HeadWidth;
        group = config.Heads / config.KvHeads;
        scale = 1f / MathF.Sqrt(width);
        int chunks = PageSize.PagesFor(length);
        keys = new RowBuffer(width, chunks * Chunk);
        values = new RowBuffer(width, chunks * Chunk);
        weights = new NativeBuffer<float>((long)chunks * length * Chunk);
        gradients = new NativeBuffer<float>((long)length * Chunk);
        partials = new RowBuffer(chunks * length, width);
        maxima = new NativeBuffer<float>((long)chunks * length);
        sums = new NativeBuffer<float>((long)chunks * length);
        dots = new NativeBuffer<float>(length);
    }

    /// <summary>Bytes of such scratch.</summary>
    public static Int128 Bytes(ModelConfig config, int length)
    {
        long chunks = PageSize.PagesFor(length);
        return (2 * RowBuffer.Bytes(config.HeadWidth, checked((int)(chunks * Chunk)))) + RowBuffer.Bytes(chunks * length, config.HeadWidth)
            + (sizeof(float) * (Int128)length * ((chunks * (Chunk + 2)) + Chunk + 1));
    }

    /// <summary>Attends from every row of a sequence to it and those before it.</summary>
    /// <param name="qkv">[rows, queries, keys and values], after RoPE; the first row is position 0.</param>
    /// <param name="step">Floats from a row of <paramref name="qkv"/> to the next.</param>
    /// <param name="rows">Tokens of the sequence.</param>
    /// <param name="mixed">[rows, query width]: the result.</param>
    /// <param name="mixedStep">Floats from a row of <paramref name="mixed"/> to the next.</param>
    public void Forward(float* qkv, int step, int rows, float* mixed, int mixedStep)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, length);
        for (int kvHead = 0; kvHead < config.KvHeads; kvHead++)
        {
            float* key = qkv + config.QueryWidth + (kvHead * width), value = key + config.KvWidth;
            Transpose(key, step, rows, keys);
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
            {
                Weigh(qkv + (head * width), step, rows);
                for (int first = 0; first < rows; first += Chunk)
                {
                    GemmF32.Run(
                        new GemmOperands
                        {
                            A = WeightsOf(first, first),
                            RowStepA = Chunk,
                            TermStepA = 1,
                            B = value + ((nint)first * step),
                            StepB = step,
                            C = PartialOf(first, first),
                            StepC = partials.Stride,
                            Rows = rows - first,
                            Columns = width,
                            Terms = Math.Min(Chunk, rows - first),
                        },
                        form);
                }
                for (int row = 0; row < rows; row++)
                    Combine(row, mixed + ((nint)row * mixedStep) + (head * width));
            }
        }
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in new IDisposable[] { keys, values, weights, gradients, partials, maxima, sums, dots })
            buffer.Dispose();
    }

    /// <summary>Weights of a row for the chunk of keys that begins at <paramref name="first"/>: [64].</summary>
    float* WeightsOf(int first, int row) => weights.Data + (((long)Place(first, row)) * Chunk);

    float* PartialOf(int first, int row) => partials.Row(Place(first, row));

    int Place(int first, int row) => (first / Chunk * length) + row;

    /// <summary>One head of all rows as [head width, rows], with zeros up to a multiple of 16 rows.</summary>
    void Transpose(float* head, int step, int rows, RowBuffer transposed)
    {
        int squares = form == InstructionSet.Portable ? 0 : rows / Square * Square, across = width / Square * Square;
        for (int row = 0; row < squares; row += Square)
        {
            for (int i = 0; i < across; i += Square)
                TransposedSquare.Run(head + ((nint)row * step) + i, step, transposed.Row(i) + row, transposed.Stride);
        }
        for (int row = 0; row < rows; row++)
        {
            for (int i = row < squares ? across : 0; i < width; i++)
                transposed.Data[((nint)i * transposed.Stride) + row] = head[((nint)row * step) + i];
        }
        int end = RoundUp(rows, KeyGroup);
        for (int i = 0; i < width; i++)
            new Span<float>(transposed.Row(i) + rows, end - rows).Clear();
    }

    /// <summary>Exponentials of a head's scores, and the maximum and sum of each chunk.</summary>
    void Weigh(float* queries, int step, int rows)
    {
        for (int first = 0; first < rows; first += Chunk)
        {
            Multiply(queries + ((nint)first * step), step, keys, first, rows, WeightsOf(first, first));
            for (int row = first; row < rows; row++)
            {
                int count = Math.Min(row + 1 - first, Chunk);
                float* scores = WeightsOf(first, row);
                Scale(scores, count);
                int place = Place(first, row);
                (maxima.Data[place], sums.Data[place]) = ChunkSoftmax.Run(scores, count, form);
            }
        }
    }

    /// <summary>As wide as the softmax reads: a wide load of what narrow ones have just stored would wait for them.</summary>
    void Scale(float* scores, int count)
    {
        if (form == InstructionSet.Avx512)
        {
            for (int i = 0; i < count; i += KeyGroup)
                (Vector512.Load(scores + i) * Vector512.Create(scale)).Store(scores + i);
            return;
        }
        for (int i = 0; i < count; i += Vector)
            (Vector256.Load(scores + i) * Vector256.Create(scale)).Store(scores + i);
    }

    /// <summary>
    /// Products of one head's rows from <paramref name="first"/> on with the keys or values of the chunk that begins there.
    /// </summary>
    void Multiply(float* left, int step, RowBuffer right, int first, int rows, float* products) => GemmF32.Run(
        new GemmOperands
        {
            A = left,
            RowStepA = step,
            TermStepA = 1,
            B = right.Data + first,
            StepB = right.Stride,
            C = products,
            StepC = Chunk,
            Rows = rows - first,
            Columns = RoundUp(Math.Min(Chunk, rows - first), KeyGroup),
            Terms = width,
        },
        form);

    /// <summary>
    /// Replaces the maxima of a row's chunks by their weights exp(maximum - largest), and gives 1 / the sum of all exponentials. The weight
    /// of a chunk alone is exp(0), which is exactly 1.
    /// </summary>
    float Normalise(int row)
    {
        if (row < Chunk)
        {
            maxima.Data[row] = 1f;
            return 1f / sums.Data[row];
        }
        float max = maxima.Data[row];
        for (int first = Chunk; first <= row; first += Chunk)
            max = MathF.Max(max, maxima.Data[Place(first, row)]);
        float total = 0;
        for (int first = 0; first <= row; first += Chunk)
        {
            int place = Place(first, row);
            maxima.Data[place] = ExactSingle.Exp(maxima.Data[place] - max);
            total = MathF.FusedMultiplyAdd(maxima.Data[place], sums.Data[place], total);
        }
        return 1f / total;
    }

    void Combine(int row, float* output)
    {
        float inverse = Normalise(row);
        int d = 0;
        for (; d + Vector <= width; d += Vector)
        {
            Vector256<float> sum = default;
            for (int first = 0; first <= row; first += Chunk)
            {
                Vector256<float> weight = Vector256.Create(maxima.Data[Place(first, row)]);
                sum = Vector256.FusedMultiplyAdd(weight, Vector256.Load(PartialOf(first, row) + d), sum);
            }
            (sum * Vector256.Create(inverse)).Store(output + d);
        }
        for (; d < width; d++)
        {
            float sum = 0;
            for (int first = 0; first <= row; first += Chunk)
                sum = MathF.FusedMultiplyAdd(maxima.Data[Place(first, row)], PartialOf(first, row)[d], sum);
            output[d] = sum * inverse;
        }
    }

    static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
