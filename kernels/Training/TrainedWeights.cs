using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Training;

/// <summary>A feed-forward: gate and up stacked, and down.</summary>
sealed record TrainedFeedForward(TrainedMatrix GateUp, TrainedMatrix Down);

/// <summary>One block's weights: q, k and v stacked.</summary>
/// <param name="FeedForwards">One in a dense model, else one an expert.</param>
/// <param name="Router">[experts, width], or null in a dense model.</param>
sealed record TrainedLayer(
    TrainedMatrix AttentionNorm,
    TrainedMatrix Qkv,
    TrainedMatrix Output,
    TrainedMatrix FeedForwardNorm,
    TrainedFeedForward[] FeedForwards,
    TrainedMatrix? Router)
{
    /// <summary>Of a dense model.</summary>
    public TrainedMatrix GateUp => FeedForwards[0].GateUp;

    /// <summary>Of a dense model.</summary>
    public TrainedMatrix Down => FeedForwards[0].Down;
}

/// <summary>A model's weights in float32 with their gradients and moments.</summary>
sealed class TrainedWeights : IDisposable
{
    readonly bool isMirror;
    readonly List<TrainedMatrix> matrices = [];
    readonly List<ParameterTensor> tensors = [];

    /// <param name="config">The model.</param>
    /// <param name="isMirror">Whether it is trained elsewhere, and weights and moments alone are here.</param>
    /// <exception cref="HarnessException">The model is none that can be trained here, or its sizes contradict each other.</exception>
    public TrainedWeights(ModelConfig config, bool isMirror = false)
    {
        this.isMirror = isMirror;
        Config = RequireTrainable(config);
        Embedding = Matrix(config.Vocabulary, config.Width, transposed: config.TiedEmbedding);
        Name(TensorNames.Embedding, Embedding, decays: false);
        for (int layer = 0; layer < config.Layers; layer++)
            Layers.Add(AddLayer(layer));
        FinalNorm = Matrix(1, config.Width, transposed: false);
        Name(TensorNames.FinalNorm, FinalNorm);
        Head = config.TiedEmbedding ? Embedding : Matrix(config.Vocabulary, config.Width, transposed: true);
        if (!config.TiedEmbedding)
            Name(TensorNames.Head, Head, decays: true);
        tensors.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
    }

    public ModelConfig Config { get; }

    public TrainedMatrix Embedding { get; }

    public List<TrainedLayer> Layers { get; } = [];

    public TrainedMatrix FinalNorm { get; }

    /// <summary>The embedding itself where they are tied.</summary>
    public TrainedMatrix Head { get; }

    /// <summary>Each once.</summary>
    public IReadOnlyList<TrainedMatrix> Matrices => matrices;

    /// <summary>In the ordinal order of their names.</summary>
    public IReadOnlyList<ParameterTensor> Tensors => tensors;

    /// <summary>Bytes of such weights.</summary>
    public static Int128 Bytes(ModelConfig config)
    {
        Int128 layer = (2 * TrainedMatrix.Bytes(1, config.Width, false))
            + TrainedMatrix.Bytes(config.QueryWidth + (2 * config.KvWidth), config.Width, true)
            + TrainedMatrix.Bytes(config.Width, config.QueryWidth, true)
            + ((config.Experts?.Count ?? 1) * (TrainedMatrix.Bytes(2 * config.FeedForward, config.Width, true)
                + TrainedMatrix.Bytes(config.Width, config.FeedForward, true)))
            + (config.Experts is { } experts ? TrainedMatrix.Bytes(experts.Count, config.Width, true) : 0);
        return (config.Layers * layer) + TrainedMatrix.Bytes(1, config.Width, false)
            + ((config.TiedEmbedding ? 1 : 2) * TrainedMatrix.Bytes(config.Vocabulary, config.Width, true));
    }

    /// <summary>A model of one of the shapes that can be trained, or an error that says why it is not.</summary>
    public static ModelConfig RequireTrainable(ModelConfig config)
    {
        if (config.QkvBias || config.HeadNorms || config.RopeScaling is not null || config.RopeFactors is not null)
            throw KernelCodes.ArchitectureUnsupported.With(
                "only the llama shape without biases, head norms and scaled frequencies can be trained");
        if (config.Experts is { HasShared: true })
            throw KernelCodes.ArchitectureUnsupported.With("a shared expert can't be trained");
        return ModelShape.Checked("the model to train", config);
    }

    /// <summary>Reads all weights; moments stay as they are.</summary>
    public void ReadFrom(Checkpoint checkpoint)
    {
        foreach (ParameterTensor tensor in tensors)
        {
            for (int row = 0; row < tensor.Rows; row++)
                checkpoint.ReadRows(tensor.Name, row, tensor.Matrix.Weights.RowSpan(tensor.FirstRow + row));
        }
        Transpose();
    }

    /// <summary>Brings the transposed weights up to date.</summary>
    public void Transpose()
    {
        foreach (TrainedMatrix matrix in matrices)
            matrix.Transpose(0, matrix.Outputs);
    }

    /// <summary>SHA-256 of the names, in ordinal order, each with its weights in float32, little-endian; lower-case hex.</summary>
    public string Hash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ParameterTensor tensor in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(tensor.Name + '\0'));
            for (int row = 0; row < tensor.Rows; row++)
                hash.AppendData(MemoryMarshal.AsBytes(tensor.Matrix.Weights.RowSpan(tensor.FirstRow + row)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        foreach (TrainedMatrix matrix in matrices)
            matrix.Dispose();
    }

    TrainedLayer AddLayer(int index)
    {
        ModelConfig config = Config;
        TrainedLayer layer = new(
            Matrix(1, config.Width, transposed: false),
            Matrix(config.QueryWidth + (2 * config.KvWidth), config.Width, transposed: true),
            Matrix(config.Width, config.QueryWidth, transposed: true),
            Matrix(1, config.Width, transposed: false),
            [.. Enumerable.Range(0, config.Experts?.Count ?? 1).Select(_ => new TrainedFeedForward(
                Matrix(2 * config.FeedForward, config.Width, transposed: true),
                Matrix(config.Width, config.FeedForward, transposed: true)))],
            config.Experts is { } experts ? Matrix(experts.Count, config.Width, transposed: true) : null);
        string InLayer(string part) => TensorNames.InLayer(index, part);
        Name(InLayer("attention_norm"), layer.AttentionNorm);
        Name(InLayer("ffn_norm"), layer.FeedForwardNorm);
        NameRows(InLayer("q"), layer.Qkv, 0, config.QueryWidth);
        NameRows(InLayer("k"), layer.Qkv, config.QueryWidth, config.KvWidth);
        NameRows(InLayer("v"), layer.Qkv, config.QueryWidth + config.KvWidth, config.KvWidth);
        Name(InLayer("o"), layer.Output, decays: true);
        if (layer.Router is { } router)
            Name(InLayer(TensorNames.Router), router, decays: true);
        foreach ((int expert, TrainedFeedForward feedForward) in layer.FeedForwards.Index())
        {
            string Part(string part) => InLayer(layer.Router is null ? part : TensorNames.OfExpert(expert, part));
            NameRows(Part("gate"), feedForward.GateUp, 0, config.FeedForward);
            NameRows(Part("up"), feedForward.GateUp, config.FeedForward, config.FeedForward);
            Name(Part("down"), feedForward.Down, decays: true);
        }
        return layer;
    }

    TrainedMatrix Matrix(int outputs, int inputs, bool transposed)
    {
        TrainedMatrix matrix = new(outputs, inputs, transposed, isMirror);
        matrices.Add(matrix);
        return matrix;
    }

    void NameRows(string name, TrainedMatrix matrix, int first, int rows) =>
        tensors.Add(new ParameterTensor(name, matrix, first, rows, IsVector: false, Decays: true));

    void Name(string name, TrainedMatrix matrix, bool decays) =>
        tensors.Add(new ParameterTensor(name, matrix, 0, matrix.Outputs, IsVector: false, decays));

    void Name(string name, TrainedMatrix vector) => tensors.Add(new ParameterTensor(name, vector, 0, 1, IsVector: true, Decays: false));
}
