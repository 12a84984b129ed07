using Harness.Kernels.Configuration;

namespace Harness.Kernels.Models;

/// <summary>
/// Logical floating-point operations of training, counted from shapes: forward as <see cref="ModelFlops"/> counts it, and twice as many
/// backward, the 6 N of Kaplan et al. 2020 (arXiv 2001.08361) with attention over the context beside it. Padding, the embedding's look-up,
/// norms, activations and what is computed again are not in it.
/// </summary>
/// <param name="Body">6 times the weights of the layers' matrices a token, of experts those that it passes.</param>
/// <param name="Attention">Scores and weighted values of each token and those before it.</param>
/// <param name="Head">6 times the weights of the output head a token, the tied embedding's among them.</param>
public readonly record struct TrainingFlops(long Body, long Attention, long Head)
{
    const int ForwardAndBackward = 3;
    const int OperationsPerMultiplyAdd = 2;

    /// <summary>All of it.</summary>
    public long Total => Body + Attention + Head;

    /// <summary>Without the output head: 6 N of the non-embedding weights, and attention.</summary>
    public long WithoutHead => Body + Attention;

    /// <summary>Of a sequence whose first <paramref name="rows"/> tokens each predict the next.</summary>
    public static TrainingFlops Of(ModelConfig config, long rows) => new(
        ForwardAndBackward * OperationsPerMultiplyAdd * rows * ModelFlops.BodyMultiplyAdds(config),
        ForwardAndBackward * OperationsPerMultiplyAdd * config.Layers * (long)config.QueryWidth * rows * (rows + 1),
        ForwardAndBackward * OperationsPerMultiplyAdd * rows * ModelFlops.HeadMultiplyAdds(config));

    /// <summary>Weights of a model, counted from its shape.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="embedding">Whether embedding and output head count; a tied one counts once.</param>
    /// <param name="active">Of a mixture of experts: whether only those that a token passes count, not all.</param>
    public static long Parameters(ModelConfig config, bool embedding, bool active = false) =>
        (active ? ModelFlops.BodyMultiplyAdds(config) : ModelFlops.BodyWeights(config)) + (((2L * config.Layers) + 1) * config.Width)
        + (embedding ? (config.TiedEmbedding ? 1 : 2) * ModelFlops.HeadMultiplyAdds(config) : 0);

    public static TrainingFlops operator +(TrainingFlops left, TrainingFlops right) => Add(left, right);

    public static TrainingFlops Add(TrainingFlops left, TrainingFlops right) =>
        new(left.Body + right.Body, left.Attention + right.Attention, left.Head + right.Head);
}
