using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Checkpoints;

/// <summary>A tensor that a model needs. A vector has one row, and one dimension in the file.</summary>
/// <param name="Part">Its name without the layer, as in <see cref="TensorNames"/>.</param>
/// <param name="Layer">0-based; -1 outside the layers.</param>
/// <param name="Expert">0-based; -1 outside the experts.</param>
readonly record struct NeededTensor(string Part, int Layer, int Rows, int Columns, bool IsVector, int Expert = -1)
{
    public string Name => Layer < 0 ? Part : InLayer(Layer);

    /// <summary>Its name in another layer.</summary>
    public string InLayer(int layer) => TensorNames.InLayer(layer, Expert < 0 ? Part : TensorNames.OfExpert(Expert, Part));
}

/// <summary>Which tensors a configuration needs, and where a file holds them.</summary>
static class TensorLayout
{
    /// <summary>Every tensor of a model, in the order of the forward pass; layers are listed as they are asked for.</summary>
    public static IEnumerable<NeededTensor> Of(ModelConfig config)
    {
        yield return Matrix(TensorNames.Embedding, -1, config.Vocabulary, config.Width);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            foreach (NeededTensor tensor in OfLayer(config, layer))
                yield return tensor;
        }
        yield return Vector(TensorNames.FinalNorm, -1, config.Width);
        if (!config.TiedEmbedding)
            yield return Matrix(TensorNames.Head, -1, config.Vocabulary, config.Width);
    }

    /// <summary>
    /// Finds each needed tensor by the name that <paramref name="fileName"/> gives it. One that is absent or has another shape is
    /// refused, and so is one that the model has no place for, since leaving it out would compute something else.
    /// </summary>
    public static Dictionary<string, StoredTensor> Bind(
        ModelConfig config, Func<NeededTensor, string> fileName, IReadOnlyDictionary<string, StoredTensor> stored,
        Func<string, bool> isIrrelevant, string path)
    {
        var bound = new Dictionary<string, StoredTensor>();
        var used = new HashSet<string>();
        foreach (NeededTensor needed in Of(config))
        {
            string name = fileName(needed);
            if (!stored.TryGetValue(name, out StoredTensor? tensor))
                throw KernelCodes.TensorMissing.With($"has no tensor {name}", path);
            long[] shape = needed.IsVector ? [needed.Columns] : [needed.Rows, needed.Columns];
            if (!tensor.Dimensions.SequenceEqual(shape))
            {
                throw KernelCodes.TensorMissing.With(
                    $"tensor {name} is [{string.Join(", ", tensor.Dimensions)}], its model needs [{string.Join(", ", shape)}]", path);
            }
            used.Add(name);
            bound.Add(needed.Name, tensor);
        }
        string? extra = stored.Keys.Where(name => !used.Contains(name) && !isIrrelevant(name)).Order(StringComparer.Ordinal)
            .FirstOrDefault();
        return extra is null
            ? bound
            : throw KernelCodes.ArchitectureUnsupported.With(
                $"tensor {extra} has no place in a {config.Architecture} of {config.Layers} layers", path);
    }

    static IEnumerable<NeededTensor> OfLayer(ModelConfig config, int layer)
    {
        yield return Vector("attention_norm", layer, config.Width);
        yield return Matrix("q", layer, config.QueryWidth, config.Width);
        yield return Matrix("k", layer, config.KvWidth, config.Width);
        yield return Matrix("v", layer, config.KvWidth, config.Width);
        if (config.QkvBias)
        {
            yield return Vector("q_bias", layer, config.QueryWidth);
            yield return Vector("k_bias", layer, config.KvWidth);
            yield return Vector("v_bias", layer, config.KvWidth);
        }
        if (config.HeadNorms)
        {
            yield return Vector("q_norm", layer, config.HeadWidth);
            yield return Vector("k_norm", layer, config.HeadWidth);
        }
        yield return Matrix("o", layer, config.Width, config.QueryWidth);
        yield return Vector("ffn_norm", layer, config.Width);
        foreach (NeededTensor tensor in config.Experts is { } experts ? Experts(config, experts, layer)
            : FeedForward("", layer, config.Width, config.FeedForward))
            yield return tensor;
    }

    static IEnumerable<NeededTensor> Experts(ModelConfig config, ExpertShape experts, int layer)
    {
        yield return Matrix(TensorNames.Router, layer, experts.Count, config.Width);
        for (int expert = 0; expert < experts.Count; expert++)
        {
            foreach (NeededTensor tensor in FeedForward("", layer, config.Width, config.FeedForward))
                yield return tensor with { Expert = expert };
        }
        if (!experts.HasShared)
            yield break;
        yield return Matrix(TensorNames.SharedGate, layer, 1, config.Width);
        foreach (NeededTensor tensor in FeedForward(TensorNames.OfSharedExpert(""), layer, config.Width, experts.SharedFeedForward))
            yield return tensor;
    }

    static IEnumerable<NeededTensor> FeedForward(string prefix, int layer, int width, int between) =>
    [
        Matrix(prefix + "gate", layer, between, width),
        Matrix(prefix + "up", layer, between, width),
        Matrix(prefix + "down", layer, width, between),
    ];

    static NeededTensor Matrix(string part, int layer, int rows, int columns) => new(part, layer, rows, columns, false);

    static NeededTensor Vector(string part, int layer, int columns) => new(part, layer, 1, columns, true);
}
