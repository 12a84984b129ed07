using Harness.Kernels.Configuration;

namespace Harness.Kernels.Models;

/// <summary>
/// Logical floating-point operations, counted from shapes: two a multiply-add; norms, RoPE and activations left out, as in
/// Kaplan et al. 2020 (arXiv 2001.08361), attention over the context counted.
/// </summary>
public static class ModelFlops
{
    /// <summary>
    /// Multiply-adds of the matrices that every token passes, its experts and their router among them, without the output head.
    /// </summary>
    public static long BodyMultiplyAdds(ModelConfig config) => Body(config, config.Experts?.Active ?? 1);

    /// <summary>Weights of the layers' matrices, those of all experts among them.</summary>
    public static long BodyWeights(ModelConfig config) => Body(config, config.Experts?.Count ?? 1);

    public static long HeadMultiplyAdds(ModelConfig config) => (long)config.Width * config.Vocabulary;

    /// <summary>One token at 0-based <paramref name="position"/>, with or without its logits.</summary>
    public static long Token(ModelConfig config, int position, bool logits) =>
        2 * (BodyMultiplyAdds(config) + (logits ? HeadMultiplyAdds(config) : 0)
            + 2L * config.Layers * config.QueryWidth * (position + 1));

    /// <summary>A prompt of <paramref name="tokens"/> tokens: logits at its last position only.</summary>
    public static long Prompt(ModelConfig config, int tokens) => tokens == 0
        ? 0
        : Range(config, 0, tokens) + 2 * HeadMultiplyAdds(config);

    /// <summary>
    /// Generating <paramref name="tokens"/> tokens after a prompt: the first comes from the prompt's own logits, each further one
    /// passes its predecessor through the model.
    /// </summary>
    public static long Generation(ModelConfig config, int promptTokens, int tokens) => tokens <= 1
        ? 0
        : Range(config, promptTokens, tokens - 1) + (tokens - 1) * 2 * HeadMultiplyAdds(config);

    /// <summary>Reading a text: each of its tokens passes the model, and logits are asked for at some.</summary>
    /// <param name="config">The model.</param>
    /// <param name="first">0-based position of its first token.</param>
    /// <param name="tokens">How many it has.</param>
    /// <param name="asked">Positions whose logits are wanted.</param>
    public static long Reading(ModelConfig config, int first, int tokens, int asked) =>
        Range(config, first, tokens) + asked * 2 * HeadMultiplyAdds(config);

    static long Body(ModelConfig config, int feedForwards)
    {
        long router = config.Experts is { } experts ? experts.RouterOutputs + (3L * experts.SharedFeedForward) : 0;
        return config.Layers * (long)config.Width
            * (2L * config.QueryWidth + 2L * config.KvWidth + 3L * feedForwards * config.FeedForward + router);
    }

    static long Range(ModelConfig config, int first, int count)
    {
        long positions = (long)count * (2L * first + count + 1) / 2;
        return 2 * (count * BodyMultiplyAdds(config) + 2L * config.Layers * config.QueryWidth * positions);
    }
}
