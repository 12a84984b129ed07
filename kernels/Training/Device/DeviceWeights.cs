using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training.Device;

/// <summary>
/// A model's weights in a device's memory with their gradients and moments: four arrays of one layout, in which each matrix [outputs,
/// inputs] begins at a multiple of 256 bytes, what is between them being zeros. The host's mirror has the names, and weights and moments to
/// read and write.
/// </summary>
sealed class DeviceWeights : IDisposable
{
    const int AlignedFloats = DeviceLayout.Alignment / sizeof(float);

    /// <summary>Floats that pass between host and device at once.</summary>
    const int Piece = 4 << 20;

    readonly IKernelDevice device;
    readonly TrainedWeights mirror;
    readonly Dictionary<TrainedMatrix, long> places = [];
    readonly List<DeviceBuffer> buffers = [];
    readonly long layersFirst;
    readonly long layersLength;
    readonly DevicePointer weights;
    readonly DevicePointer gradients;
    readonly DevicePointer firstMoments;
    readonly DevicePointer secondMoments;
    readonly DevicePointer later;
    readonly DevicePointer tiedEmbedding;
    readonly DevicePointer tensors;
    readonly DevicePointer rowSums;
    readonly DevicePointer sums;
    readonly int rows;

    /// <param name="device">Where they lie.</param>
    /// <param name="mirror">The host's.</param>
    /// <param name="loops">The most times that the layers are passed.</param>
    public DeviceWeights(IKernelDevice device, TrainedWeights mirror, int loops)
    {
        this.device = device;
        this.mirror = mirror;
        long length = 0;
        foreach (TrainedMatrix matrix in mirror.Matrices)
        {
            places.Add(matrix, length);
            length += Aligned((long)matrix.Outputs * matrix.Inputs);
        }
        layersFirst = places[mirror.Layers[0].AttentionNorm];
        layersLength = places[mirror.FinalNorm] - layersFirst;
        WeightTensor[] table = Table();
        rows = mirror.Tensors.Sum(tensor => tensor.Rows);
        try
        {
            weights = Zeros(length, "weights");
            gradients = Zeros(length, "gradients");
            firstMoments = Zeros(length, "moments");
            secondMoments = Zeros(length, "moments");
            later = Zeros((loops - 1) * layersLength, "gradients of later passes");
            tiedEmbedding = Zeros(
                mirror.Config.TiedEmbedding ? (long)mirror.Embedding.Outputs * mirror.Embedding.Inputs : 0, "gradients of the embedding");
            rowSums = Zeros(rows, "sums of gradients");
            sums = Zeros(table.Length, "sums of gradients");
            DeviceBuffer tableBuffer = device.Allocate(table.Length * (long)Marshal.SizeOf<WeightTensor>(), "the table of weights");
            buffers.Add(tableBuffer);
            tensors = tableBuffer.Start;
            device.CopyToDevice(tensors, MemoryMarshal.AsBytes(table.AsSpan()));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the embedding's rows are summed: apart from a tied head's gradient.</summary>
    public DevicePointer EmbeddingSums => mirror.Config.TiedEmbedding ? tiedEmbedding : Gradient(mirror.Embedding, 0);

    /// <summary>Bytes of such weights.</summary>
    public static Int128 Bytes(ModelConfig config, int loops)
    {
        Int128 Matrix(long outputs, long inputs) => Aligned(checked(outputs * inputs));
        Int128 layer = (2 * Matrix(1, config.Width)) + Matrix(config.QueryWidth + (2L * config.KvWidth), config.Width)
            + Matrix(config.Width, config.QueryWidth)
            + ((config.Experts?.Count ?? 1) * (Matrix(2L * config.FeedForward, config.Width) + Matrix(config.Width, config.FeedForward)))
            + (config.Experts is { } experts ? Matrix(experts.Count, config.Width) : 0);
        Int128 embedding = Matrix(config.Vocabulary, config.Width);
        Int128 all = (config.Layers * layer) + Matrix(1, config.Width) + ((config.TiedEmbedding ? 1 : 2) * embedding);
        Int128 rows = all / config.Width;
        return sizeof(float) * ((4 * all) + ((loops - 1) * config.Layers * layer) + (config.TiedEmbedding ? embedding : 0) + rows);
    }

    public DevicePointer Weights(TrainedMatrix matrix) => weights + (sizeof(float) * places[matrix]);

    /// <summary>Floats from a matrix of one of a layer's experts, or its gradient, to that of the next.</summary>
    public long Stride(TrainedLayer layer) =>
        layer.FeedForwards.Length < 2 ? 0 : places[layer.FeedForwards[1].GateUp] - places[layer.FeedForwards[0].GateUp];

    /// <summary>Where a matrix's gradient of one pass of the layers is summed; those of later ones have sums of their own.</summary>
    public DevicePointer Gradient(TrainedMatrix matrix, int loop) => loop == 0
        ? gradients + (sizeof(float) * places[matrix])
        : later + (sizeof(float) * (((loop - 1) * layersLength) + places[matrix] - layersFirst));

    /// <summary>
    /// Once a batch, adds the embedding's rows to a tied head's gradient, and to those of the layers the sums of later passes in their
    /// order.
    /// </summary>
    /// <param name="loops">Times that the layers were passed.</param>
    public void AddOthers(int loops)
    {
        if (mirror.Config.TiedEmbedding)
            Add(Gradient(mirror.Embedding, 0), tiedEmbedding, (long)mirror.Embedding.Outputs * mirror.Embedding.Inputs);
        for (int loop = 1; loop < loops; loop++)
            Add(gradients + (sizeof(float) * layersFirst), later + (sizeof(float) * (loop - 1) * layersLength), layersLength);
    }

    /// <summary>Each tensor's sum of squares of its gradient, in the order of their names; waits for them.</summary>
    public float[] SumsOfSquares()
    {
        GradientNormCuda.Run(device, new GradientNormParameters
        {
            Tensors = tensors,
            Gradients = gradients,
            RowSums = rowSums,
            Sums = sums,
            Count = mirror.Tensors.Count,
            Rows = rows,
        });
        float[] values = new float[mirror.Tensors.Count];
        device.CopyToHost(MemoryMarshal.AsBytes(values.AsSpan()), sums);
        return values;
    }

    /// <summary>Starts the update of weights and moments.</summary>
    public void Update(AdamWFactors factors) => AdamWCuda.Run(device, new AdamWParameters
    {
        Tensors = tensors,
        Weights = weights,
        Gradients = gradients,
        FirstMoments = firstMoments,
        SecondMoments = secondMoments,
        Count = mirror.Tensors.Count,
        Rows = rows,
        Factors = factors,
    });

    /// <summary>Takes weights and moments from the mirror.</summary>
    public void Upload()
    {
        foreach (TrainedMatrix matrix in mirror.Matrices)
        {
            foreach ((RowBuffer host, DevicePointer start) in Parts(matrix))
                Transfer(host, start, toDevice: true);
        }
    }

    /// <summary>Brings the mirror's weights up to date.</summary>
    public void DownloadWeights()
    {
        foreach (TrainedMatrix matrix in mirror.Matrices)
            Transfer(matrix.Weights, Weights(matrix), toDevice: false);
    }

    /// <summary>Brings the mirror's moments up to date.</summary>
    public void DownloadMoments()
    {
        foreach (TrainedMatrix matrix in mirror.Matrices)
        {
            foreach ((RowBuffer host, DevicePointer start) in Parts(matrix).Skip(1))
                Transfer(host, start, toDevice: false);
        }
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in buffers)
            buffer.Dispose();
    }

    static long Aligned(long floats) => (floats + AlignedFloats - 1) / AlignedFloats * AlignedFloats;

    (RowBuffer Host, DevicePointer Start)[] Parts(TrainedMatrix matrix)
    {
        long place = sizeof(float) * places[matrix];
        return
        [
            (matrix.Weights, weights + place), (matrix.FirstMoment, firstMoments + place), (matrix.SecondMoment, secondMoments + place),
        ];
    }

    void Transfer(RowBuffer host, DevicePointer start, bool toDevice)
    {
        int columns = host.Columns, piece = Math.Clamp(Piece / columns, 1, host.Rows);
        float[] values = new float[piece * columns];
        for (int first = 0; first < host.Rows; first += piece)
        {
            int count = Math.Min(piece, host.Rows - first);
            Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan(0, count * columns));
            DevicePointer place = start + (sizeof(float) * (long)first * columns);
            if (!toDevice)
                device.CopyToHost(bytes, place);
            for (int row = 0; row < count; row++)
            {
                Span<float> packed = values.AsSpan(row * columns, columns), own = host.RowSpan(first + row);
                if (toDevice)
                    own.CopyTo(packed);
                else
                    packed.CopyTo(own);
            }
            if (toDevice)
                device.CopyToDevice(place, bytes);
        }
    }

    WeightTensor[] Table()
    {
        var table = new WeightTensor[mirror.Tensors.Count];
        int firstRow = 0;
        foreach ((int i, ParameterTensor tensor) in mirror.Tensors.Index())
        {
            long first = places[tensor.Matrix] + ((long)tensor.FirstRow * tensor.Columns);
            table[i] = new WeightTensor(first, firstRow, tensor.Rows, tensor.Columns, tensor.Decays ? 1 : 0);
            firstRow += tensor.Rows;
        }
        return table;
    }

    DevicePointer Zeros(long floats, string purpose)
    {
        if (floats == 0)
            return default;
        DeviceBuffer buffer = device.Allocate(sizeof(float) * floats, purpose);
        buffers.Add(buffer);
        device.Fill(buffer.Start, 0, buffer.Bytes);
        return buffer.Start;
    }

    void Add(DevicePointer sum, DevicePointer more, long count) =>
        VectorSumCuda.Run(device, new VectorSumParameters { X = sum, Y = more, Z = sum, Count = count });
}
