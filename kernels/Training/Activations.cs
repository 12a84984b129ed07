using Harness.Kernels.Configuration;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>
/// What the forward pass of a micro-batch leaves in one layer for the backward pass, which overwrites some of it with gradients that the
/// sums over rows then read.
/// </summary>
sealed class LayerActivations(ModelConfig config, int rows) : IDisposable
{
    /// <summary>The residual stream as it comes in; then the rows' parts of the attention norm's gradient.</summary>
    public RowBuffer AttentionInput { get; } = new(rows, config.Width);

    public RowBuffer AttentionNormed { get; } = new(rows, config.Width);

    /// <summary>Queries, keys and values, the first two turned; then their gradients before the turn.</summary>
    public RowBuffer Qkv { get; } = new(rows, config.QueryWidth + (2 * config.KvWidth));

    public RowBuffer Mixed { get; } = new(rows, config.QueryWidth);

    /// <summary>Gradient of the residual stream between attention and feed-forward.</summary>
    public RowBuffer MiddleGradient { get; } = new(rows, config.Width);

    /// <summary>The residual stream after attention; then the rows' parts of the feed-forward norm's gradient.</summary>
    public RowBuffer FeedForwardInput { get; } = new(rows, config.Width);

    public RowBuffer FeedForwardNormed { get; } = new(rows, config.Width);

    /// <summary>Then its gradient.</summary>
    public RowBuffer GateUp { get; } = new(rows, 2 * config.FeedForward);

    public RowBuffer Activated { get; } = new(rows, config.FeedForward);

    /// <summary>Gradient of the residual stream as it goes out.</summary>
    public RowBuffer OutputGradient { get; } = new(rows, config.Width);

    /// <summary>Bytes of such buffers.</summary>
    public static Int128 Bytes(ModelConfig config, long rows) =>
        (6 * RowBuffer.Bytes(rows, config.Width)) + RowBuffer.Bytes(rows, config.QueryWidth + (2 * config.KvWidth))
        + RowBuffer.Bytes(rows, config.QueryWidth) + RowBuffer.Bytes(rows, 2 * config.FeedForward)
        + RowBuffer.Bytes(rows, config.FeedForward);

    public void Dispose()
    {
        RowBuffer[] buffers =
        [
            AttentionInput, AttentionNormed, Qkv, Mixed, MiddleGradient, FeedForwardInput, FeedForwardNormed, GateUp, Activated,
            OutputGradient,
        ];
        foreach (RowBuffer buffer in buffers)
            buffer.Dispose();
    }
}

/// <summary>What a micro-batch leaves on its way through the model.</summary>
sealed class Activations(ModelConfig config, int rows) : IDisposable
{
    /// <summary>Most rows.</summary>
    public int Rows => rows;

    public LayerActivations[] Layers { get; } = [.. Enumerable.Range(0, config.Layers).Select(_ => new LayerActivations(config, rows))];

    /// <summary>The residual stream after all layers; then the rows' parts of the final norm's gradient.</summary>
    public RowBuffer FinalInput { get; } = new(rows, config.Width);

    public RowBuffer FinalNormed { get; } = new(rows, config.Width);

    /// <summary>Then their gradients.</summary>
    public RowBuffer Logits { get; } = new(rows, config.Vocabulary);

    /// <summary>Gradient of the embedding's rows.</summary>
    public RowBuffer EmbeddingGradient { get; } = new(rows, config.Width);

    /// <summary>Bytes of such buffers.</summary>
    public static Int128 Bytes(ModelConfig config, long rows) => (config.Layers * LayerActivations.Bytes(config, rows))
        + (3 * RowBuffer.Bytes(rows, config.Width)) + RowBuffer.Bytes(rows, config.Vocabulary);

    public void Dispose()
    {
        foreach (LayerActivations layer in Layers)
            layer.Dispose();
        foreach (RowBuffer buffer in new[] { FinalInput, FinalNormed, Logits, EmbeddingGradient })
            buffer.Dispose();
    }
}
