using System.Runtime.InteropServices;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Models;

/// <summary>
/// A matrix on a device. w8a8: int8 [outputs, inputs rounded up to 64] with a scale an output; bf16: the same shape without scales; f32:
/// [outputs, inputs].
/// </summary>
readonly record struct DeviceMatrix(DevicePointer Weights, DevicePointer Scales, int Outputs, int Inputs);

/// <summary>A layer's experts on a device: the matrices of all of them one behind the other, and the router's, which is float32.</summary>
sealed record DeviceMixture(DeviceMatrix Router, DeviceMatrix GateUp, DeviceMatrix Down);

/// <summary>
/// One block's weights on a device: q, k and v stacked; gate and up interleaved, gate first. Beside experts, gate, up and down are those of
/// the shared one, if there is one.
/// </summary>
readonly record struct DeviceLayer(
    DevicePointer AttentionNorm,
    DeviceMatrix Qkv,
    DeviceMatrix Output,
    DevicePointer FeedForwardNorm,
    DeviceMatrix GateUp,
    DeviceMatrix Down,
    DevicePointer QkvBias,
    DevicePointer QueryNorm,
    DevicePointer KeyNorm,
    DeviceMixture? Mixture);

/// <summary>
/// A model's weights in a device's memory, in one allocation. The same int8 values and scales as on the CPU: each matrix is quantised, or
/// rounded to bf16, on the host, row by row.
/// </summary>
sealed class CudaWeights : IDisposable
{
    readonly DeviceBuffer memory;

    CudaWeights(DeviceBuffer memory, DevicePointer embedding, DeviceLayer[] layers, DevicePointer finalNorm, DeviceMatrix head)
    {
        this.memory = memory;
        Embedding = embedding;
        Layers = layers;
        FinalNorm = finalNorm;
        Head = head;
    }

    /// <summary>float32 [vocabulary, width].</summary>
    public DevicePointer Embedding { get; }

    public DeviceLayer[] Layers { get; }

    public DevicePointer FinalNorm { get; }

    public DeviceMatrix Head { get; }

    /// <summary>Bytes that the weights of such a model take.</summary>
    public static Int128 Bytes(ModelConfig config, Precision precision)
    {
        Int128 layer =
            Matrix(config.Width, config.QueryWidth + (2 * config.KvWidth), precision) + Matrix(config.QueryWidth, config.Width, precision)
            + FeedForwards(config, precision) + (2 * Aligned(sizeof(float) * (Int128)config.Width));
        if (config.QkvBias)
            layer += Aligned(sizeof(float) * (config.QueryWidth + (2 * (Int128)config.KvWidth)));
        if (config.HeadNorms)
            layer += 2 * Aligned(sizeof(float) * (Int128)config.HeadWidth);
        // f32 with a tied embedding: the head is the embedding's own memory.
        Int128 head = precision == Precision.F32 && config.TiedEmbedding ? 0 : Matrix(config.Width, config.Vocabulary, precision);
        return Aligned(sizeof(float) * (Int128)config.Vocabulary * config.Width) + (config.Layers * layer)
            + Aligned(sizeof(float) * (Int128)config.Width) + head;
    }

    /// <summary>Reads, quantises and copies all weights.</summary>
    /// <exception cref="HarnessException">The device's memory is too small, or a weight is not finite.</exception>
    public static CudaWeights Load(IKernelDevice device, Checkpoint checkpoint, Precision precision, int workers)
    {
        ModelConfig config = checkpoint.Config;
        DeviceBuffer memory = device.Allocate((long)Bytes(config, precision), "weights");
        try
        {
            var upload = new Upload(device, checkpoint, precision, memory, workers);
            DevicePointer embedding = upload.Rows(TensorNames.Embedding, config.Vocabulary, config.Width);
            DeviceLayer[] layers = [.. Enumerable.Range(0, config.Layers).Select(upload.Layer)];
            DevicePointer finalNorm = upload.Rows(TensorNames.FinalNorm, 1, config.Width);
            DeviceMatrix head = precision == Precision.F32 && config.TiedEmbedding
                ? new DeviceMatrix(embedding, default, config.Vocabulary, config.Width)
                : upload.Matrix([(config.TiedEmbedding ? TensorNames.Embedding : TensorNames.Head, config.Vocabulary)], config.Width);
            return new CudaWeights(memory, embedding, layers, finalNorm, head);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public void Dispose() => memory.Dispose();

    /// <summary>Of a layer.</summary>
    static Int128 FeedForwards(ModelConfig config, Precision precision)
    {
        if (config.Experts is not { } experts)
            return FeedForward(config.Width, config.FeedForward, 1, precision);
        Int128 shared = experts.HasShared ? FeedForward(config.Width, experts.SharedFeedForward, 1, precision) : 0;
        return shared + FeedForward(config.Width, config.FeedForward, experts.Count, precision)
            + Matrix(config.Width, experts.RouterOutputs, Precision.F32);
    }

    static Int128 FeedForward(int width, int feedForward, long count, Precision precision) =>
        Matrix(width, 2 * count * feedForward, precision) + Matrix(feedForward, count * width, precision);

    static Int128 Aligned(Int128 bytes) => (bytes + DeviceLayout.Alignment - 1) / DeviceLayout.Alignment * DeviceLayout.Alignment;

    static Int128 Matrix(int inputs, long outputs, Precision precision) => precision switch
    {
        Precision.W8A8 => Aligned((Int128)outputs * DeviceLayout.QuantizedWidth(inputs)) + Aligned(sizeof(float) * (Int128)outputs),
        Precision.Bf16 => Aligned(sizeof(ushort) * (Int128)outputs * DeviceLayout.QuantizedWidth(inputs)),
        Precision.F32 => Aligned(sizeof(float) * (Int128)outputs * inputs),
        _ => throw Precisions.Unknown(precision),
    };

    /// <summary>Copies tensors one behind the other.</summary>
    sealed class Upload(IKernelDevice device, Checkpoint checkpoint, Precision precision, DeviceBuffer memory, int workers)
    {
        /// <summary>Floats read from the checkpoint at once.</summary>
        const int Piece = 4 << 20;

        long used;

        public DeviceLayer Layer(int index)
        {
            ModelConfig config = checkpoint.Config;
            string Name(string part) => TensorNames.InLayer(index, part);
            // What every row passes.
            (string? feedForward, int width) = config.Experts is not { } experts ? ("", config.FeedForward)
                : experts.HasShared ? (TensorNames.OfSharedExpert(""), experts.SharedFeedForward) : ((string?)null, 0);
            return new DeviceLayer(
                Rows(Name("attention_norm"), 1, config.Width),
                Matrix([(Name("q"), config.QueryWidth), (Name("k"), config.KvWidth), (Name("v"), config.KvWidth)], config.Width),
                Matrix([(Name("o"), config.Width)], config.QueryWidth),
                Rows(Name("ffn_norm"), 1, config.Width),
                feedForward is null ? default : GateUp([Name(feedForward)], width, config.Width),
                feedForward is null ? default : Matrix([(Name(feedForward + "down"), config.Width)], width),
                config.QkvBias ? Biases(config, index) : default,
                config.HeadNorms ? Rows(Name("q_norm"), 1, config.HeadWidth) : default,
                config.HeadNorms ? Rows(Name("k_norm"), 1, config.HeadWidth) : default,
                config.Experts is { } mixture ? Mixture(mixture, Name) : null);
        }

        DeviceMixture Mixture(ExpertShape experts, Func<string, string> name)
        {
            ModelConfig config = checkpoint.Config;
            string[] prefixes = [.. Enumerable.Range(0, experts.Count).Select(expert => name(TensorNames.OfExpert(expert, "")))];
            List<(string, int)> router = [(name(TensorNames.Router), experts.Count)];
            if (experts.HasShared)
                router.Add((name(TensorNames.SharedGate), 1));
            DevicePointer logits = Take(sizeof(float) * (long)experts.RouterOutputs * config.Width);
            Single(experts.RouterOutputs, config.Width, new StackedTensors(checkpoint, config.Width, [.. router]).Read, logits);
            return new DeviceMixture(
                new DeviceMatrix(logits, default, experts.RouterOutputs, config.Width),
                GateUp(prefixes, config.FeedForward, config.Width),
                Matrix([.. prefixes.Select(prefix => (prefix + "down", config.Width))], config.FeedForward));
        }

        /// <summary>float32 rows as they are.</summary>
        public DevicePointer Rows(string tensor, int rows, int columns)
        {
            DevicePointer start = Take(sizeof(float) * (long)rows * columns);
            Single(rows, columns, (first, values) => checkpoint.ReadRows(tensor, first, values), start);
            return start;
        }

        /// <summary>Tensors of the same inputs, stacked by rows.</summary>
        public DeviceMatrix Matrix((string Tensor, int Rows)[] parts, int inputs)
        {
            int outputs = parts.Sum(part => part.Rows);
            DeviceMatrix matrix = TakeMatrix(outputs, inputs);
            Fill(matrix, new StackedTensors(checkpoint, inputs, parts).Read);
            return matrix;
        }

        /// <summary>Gates and ups in turn, of feed-forwards one behind the other.</summary>
        DeviceMatrix GateUp(string[] prefixes, int width, int inputs)
        {
            DeviceMatrix matrix = TakeMatrix(2 * prefixes.Length * width, inputs);
            void Read(int first, Span<float> rows)
            {
                for (int i = 0; i < rows.Length / inputs; i++)
                {
                    (int pair, int part) = Math.DivRem(first + i, 2);
                    string prefix = prefixes[pair / width];
                    checkpoint.ReadRows(prefix + (part == 0 ? "gate" : "up"), pair % width, rows.Slice(i * inputs, inputs));
                }
            }
            Fill(matrix, Read);
            return matrix;
        }

        void Fill(DeviceMatrix matrix, RowReader read)
        {
            switch (precision)
            {
                case Precision.F32:
                    Single(matrix.Outputs, matrix.Inputs, read, matrix.Weights);
                    break;
                case Precision.W8A8:
                    Int8(matrix, read);
                    break;
                case Precision.Bf16:
                    Bf16(matrix, read);
                    break;
                default:
                    throw Precisions.Unknown(precision);
            }
        }

        DevicePointer Biases(ModelConfig config, int layer)
        {
            DevicePointer start = Take(sizeof(float) * (config.QueryWidth + (2L * config.KvWidth)));
            var biases = new float[config.QueryWidth + (2 * config.KvWidth)];
            StackedTensors.ReadBiases(checkpoint, layer, biases);
            device.CopyToDevice(start, MemoryMarshal.AsBytes<float>(biases));
            return start;
        }

        void Single(int rows, int columns, RowReader read, DevicePointer start)
        {
            int piece = Math.Clamp(Piece / columns, 1, rows);
            var values = new float[(long)piece * columns];
            for (int first = 0; first < rows; first += piece)
            {
                int count = Math.Min(piece, rows - first);
                InParallel(first, count, (row, taken) => read(row, values.AsSpan((row - first) * columns, taken * columns)));
                device.CopyToDevice(
                    start + (sizeof(float) * (long)first * columns), MemoryMarshal.AsBytes(values.AsSpan(0, count * columns)));
            }
        }

        void Int8(DeviceMatrix matrix, RowReader read)
        {
            int width = DeviceLayout.QuantizedWidth(matrix.Inputs), piece = Math.Clamp(Piece / width, 1, matrix.Outputs);
            var values = new sbyte[piece * width];
            var scales = new float[matrix.Outputs];
            for (int first = 0; first < matrix.Outputs; first += piece)
            {
                int count = Math.Min(piece, matrix.Outputs - first), start = first;
                InParallel(first, count, (row, taken) =>
                {
                    var rows = new float[taken * matrix.Inputs];
                    read(row, rows);
                    for (int i = 0; i < taken; i++)
                        scales[row + i] = Quantize(
                            matrix,
                            row + i,
                            rows.AsSpan(i * matrix.Inputs, matrix.Inputs),
                            values.AsSpan((row + i - start) * width, matrix.Inputs));
                });
                device.CopyToDevice(matrix.Weights + ((long)first * width), MemoryMarshal.AsBytes(values.AsSpan(0, count * width)));
            }
            device.CopyToDevice(matrix.Scales, MemoryMarshal.AsBytes<float>(scales));
        }

        void Bf16(DeviceMatrix matrix, RowReader read)
        {
            int width = DeviceLayout.QuantizedWidth(matrix.Inputs), piece = Math.Clamp(Piece / width, 1, matrix.Outputs);
            var values = new ushort[piece * width];
            for (int first = 0; first < matrix.Outputs; first += piece)
            {
                int count = Math.Min(piece, matrix.Outputs - first), start = first;
                InParallel(first, count, (row, taken) =>
                {
                    var rows = new float[taken * matrix.Inputs];
                    read(row, rows);
                    for (int i = 0; i < taken; i++)
                    {
                        if (!BFloats.Round(
                            rows.AsSpan(i * matrix.Inputs, matrix.Inputs), values.AsSpan((row + i - start) * width, matrix.Inputs)))
                            throw NotFinite(matrix, row + i);
                    }
                });
                device.CopyToDevice(
                    matrix.Weights + (sizeof(ushort) * (long)first * width), MemoryMarshal.AsBytes(values.AsSpan(0, count * width)));
            }
        }

        static HarnessException NotFinite(DeviceMatrix matrix, int output) =>
            KernelCodes.WeightsNotFinite.With(
                $"a weight of row {output} of a {matrix.Outputs} x {matrix.Inputs} matrix is NaN or infinite");

        static unsafe float Quantize(DeviceMatrix matrix, int output, Span<float> row, Span<sbyte> quantized)
        {
            var rounded = new short[row.Length];
            fixed (float* x = row)
            fixed (short* q = rounded)
            {
                float scale = Int8Rounding.Scale(x, row.Length, InstructionSet.Portable);
                if (float.IsNaN(scale))
                    throw NotFinite(matrix, output);
                Int8Rounding.Round(x, row.Length, scale, q, InstructionSet.Portable);
                for (int i = 0; i < rounded.Length; i++)
                    quantized[i] = (sbyte)rounded[i];
                return scale;
            }
        }

        /// <summary>Rows [first, first + count) in pieces, over the workers.</summary>
        void InParallel(int first, int count, Action<int, int> work)
        {
            int size = Math.Max(1, count / (4 * workers));
            try
            {
                Parallel.For(0, (count + size - 1) / size, new ParallelOptions { MaxDegreeOfParallelism = workers },
                    piece => work(first + (piece * size), Math.Min(size, count - (piece * size))));
            }
            catch (AggregateException failure) when (failure.InnerException is HarnessException known)
            {
                throw known;
            }
        }

        DeviceMatrix TakeMatrix(int outputs, int inputs) => precision switch
        {
            Precision.W8A8 =>
                new DeviceMatrix(
                    Take((long)outputs * DeviceLayout.QuantizedWidth(inputs)), Take(sizeof(float) * (long)outputs), outputs, inputs),
            Precision.Bf16 =>
                new DeviceMatrix(Take(sizeof(ushort) * (long)outputs * DeviceLayout.QuantizedWidth(inputs)), default, outputs, inputs),
            Precision.F32 => new DeviceMatrix(Take(sizeof(float) * (long)outputs * inputs), default, outputs, inputs),
            _ => throw Precisions.Unknown(precision),
        };

        DevicePointer Take(long bytes)
        {
            DevicePointer start = memory.Start + used;
            used += (long)Aligned(bytes);
            return start;
        }
    }
}
