using Harness.Kernels.Configuration;
using Harness.Kernels.Linear;
using Harness.Kernels.Routing;

namespace Harness.Kernels.Training;

/// <summary>
/// What the forward pass of a micro-batch leaves in one layer for the backward pass, which overwrites some of it with gradients that the
/// sums over rows then read.
/// </summary>
/// <remarks>In a model with experts the rows between its matrices are those of <see cref="Order"/>'s places.</remarks>
sealed class LayerActivations(ModelConfig config, int rows, RowMemory memory) : IDisposable
{
    /// <summary>The residual stream as it comes in; then the rows' parts of the attention norm's gradient.</summary>
    public RowBuffer AttentionInput { get; } = new(rows, config.Width, memory);

    public RowBuffer AttentionNormed { get; } = new(rows, config.Width, memory);

    /// <summary>Queries, keys and values, the first two turned; then their gradients before the turn.</summary>
    public RowBuffer Qkv { get; } = new(rows, config.QueryWidth + (2 * config.KvWidth), memory);

    public RowBuffer Mixed { get; } = new(rows, config.QueryWidth, memory);

    /// <summary>Gradient of the residual stream between attention and feed-forward.</summary>
    public RowBuffer MiddleGradient { get; } = new(rows, config.Width, memory);

    /// <summary>The residual stream after attention; then the rows' parts of the feed-forward norm's gradient.</summary>
    public RowBuffer FeedForwardInput { get; } = new(rows, config.Width, memory);

    public RowBuffer FeedForwardNormed { get; } = new(rows, config.Width, memory);

    /// <summary>Then its gradient.</summary>
    public RowBuffer GateUp { get; } = new(rows * Passes(config), 2 * config.FeedForward, memory);

    /// <summary>Of an expert, then times its factor.</summary>
    public RowBuffer Activated { get; } = new(rows * Passes(config), config.FeedForward, memory);

    /// <summary>Of the experts, then their gradients; null in a dense model.</summary>
    public RowBuffer? RouterLogits { get; } = config.Experts is { } experts ? new RowBuffer(rows, experts.Count, memory) : null;

    /// <summary>Which experts the rows pass; null in a dense model.</summary>
    public ExpertOrder? Order { get; } = config.Experts is { } shape ? new ExpertOrder(rows, shape) : null;

    /// <summary>Gradient of the residual stream as it goes out.</summary>
    public RowBuffer OutputGradient { get; } = new(rows, config.Width, memory);

    /// <summary>Bytes of such buffers.</summary>
    public static Int128 Bytes(ModelConfig config, long rows) =>
        (6 * RowBuffer.Bytes(rows, config.Width)) + RowBuffer.Bytes(rows, config.QueryWidth + (2 * config.KvWidth))
        + RowBuffer.Bytes(rows, config.QueryWidth) + RowBuffer.Bytes(rows * Passes(config), 2 * config.FeedForward)
        + RowBuffer.Bytes(rows * Passes(config), config.FeedForward)
        + (config.Experts is { } experts ? RowBuffer.Bytes(rows, experts.Count) : 0);

    public void Dispose() => Order?.Dispose();

    /// <summary>Feed-forwards that a row passes.</summary>
    static int Passes(ModelConfig config) => config.Experts?.Active ?? 1;
}

/// <summary>What a micro-batch leaves on its way through the model.</summary>
sealed class Activations : IDisposable
{
    readonly RowMemory memory;

    /// <param name="config">The model.</param>
    /// <param name="rows">Most rows.</param>
    /// <param name="loops">The most times that its layers are passed.</param>
    public Activations(ModelConfig config, int rows, int loops)
    {
        Rows = rows;
        memory = new RowMemory(BytesOfRows(config, rows, loops));
        Layers = [.. Enumerable.Range(0, config.Layers * loops).Select(_ => new LayerActivations(config, rows, memory))];
        FinalInput = new RowBuffer(rows, config.Width, memory);
        FinalNormed = new RowBuffer(rows, config.Width, memory);
        Logits = new RowBuffer(rows, config.Vocabulary, memory);
        EmbeddingGradient = new RowBuffer(rows, config.Width, memory);
    }

    /// <summary>Most rows.</summary>
    public int Rows { get; }

    /// <summary>Of each pass of each layer, the first pass of all before the second.</summary>
    public LayerActivations[] Layers { get; }

    /// <summary>The residual stream after all layers; then the rows' parts of the final norm's gradient.</summary>
    public RowBuffer FinalInput { get; }

    public RowBuffer FinalNormed { get; }

    /// <summary>Then their gradients.</summary>
    public RowBuffer Logits { get; }

    /// <summary>Gradient of the embedding's rows.</summary>
    public RowBuffer EmbeddingGradient { get; }

    /// <summary>Bytes of such buffers.</summary>
    public static Int128 Bytes(ModelConfig config, long rows, int loops) => BytesOfRows(config, rows, loops)
        + (config.Experts is { } experts ? config.Layers * loops * ExpertOrder.Bytes(rows, experts) : 0);

    public void Dispose()
    {
        memory.Dispose();
        foreach (LayerActivations layer in Layers)
            layer.Dispose();
    }

    static Int128 BytesOfRows(ModelConfig config, long rows, int loops) =>
        ((Int128)config.Layers * loops * LayerActivations.Bytes(config, rows))
        + (3 * RowBuffer.Bytes(rows, config.Width)) + RowBuffer.Bytes(rows, config.Vocabulary);
}
