namespace Harness.Kernels.Configuration;

/// <summary>
/// A mixture of experts in place of the feed-forward of every layer (Shazeer et al. 2017, arXiv 1701.06538): a router gives each token's
/// row to some of the experts, each a feed-forward of its own, of width <see cref="ModelConfig.FeedForward"/>.
/// </summary>
public sealed record ExpertShape
{
    /// <summary>The most experts that a layer may have.</summary>
    public const int Most = 1024;

    /// <summary>Experts of a layer.</summary>
    public required int Count { get; init; }

    /// <summary>Experts that a row passes: those with the largest router logits, the lower one first where they are equal.</summary>
    public required int Active { get; init; }

    /// <summary>
    /// Whether the softmax that weighs the experts' outputs is over the chosen ones (mixtral, qwen3_moe with norm_topk_prob), else over
    /// all.
    /// </summary>
    public required bool Normalised { get; init; }

    /// <summary>
    /// Width of an expert that every row passes beside the chosen, its output times a sigmoid of its own gate (qwen2_moe); 0: there is
    /// none.
    /// </summary>
    public int SharedFeedForward { get; init; }

    /// <summary>Whether there is such an expert.</summary>
    public bool HasShared => SharedFeedForward > 0;

    /// <summary>Logits of the router: one an expert, and the shared expert's gate behind them.</summary>
    public int RouterOutputs => Count + (HasShared ? 1 : 0);
}
