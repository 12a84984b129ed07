using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Configuration;

/// <summary>The shape of a decoder-only transformer, whatever file it came from.</summary>
public sealed record ModelConfig
{
    /// <summary>Lower-case family: llama, mistral, qwen2, qwen3; of mixtures of experts mixtral, qwen2_moe, qwen3_moe.</summary>
    public required string Architecture { get; init; }

    public required int Layers { get; init; }

    /// <summary>Width of the residual stream, d.</summary>
    public required int Width { get; init; }

    public required int Heads { get; init; }

    /// <summary>Heads for keys and values; <see cref="Heads"/> is a multiple of it.</summary>
    public required int KvHeads { get; init; }

    public required int HeadWidth { get; init; }

    /// <summary>Of a mixture of experts, the width of each expert.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Null in a dense model, where each layer has one feed-forward that every row passes.</summary>
    public ExpertShape? Experts { get; init; }

    public required int Vocabulary { get; init; }

    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    public required float RopeTheta { get; init; }

    /// <summary>Llama-3 frequency scaling, or null.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>
    /// What each RoPE frequency is divided by, [HeadWidth / 2] positive numbers, or null; not beside <see cref="RopeScaling"/>.
    /// </summary>
    public IReadOnlyList<float>? RopeFactors { get; init; }

    /// <summary>Whether the output head is the embedding matrix.</summary>
    public required bool TiedEmbedding { get; init; }

    /// <summary>Whether q, k and v have biases (qwen2).</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether q and k are normalised per head before RoPE (qwen3).</summary>
    public bool HeadNorms { get; init; }

    public int QueryWidth => Heads * HeadWidth;

    public int KvWidth => KvHeads * HeadWidth;

    /// <exception cref="HarnessException">The token is outside the vocabulary.</exception>
    internal void RequireToken(int token)
    {
        if ((uint)token >= (uint)Vocabulary)
            throw KernelCodes.TokenOutsideVocabulary.With($"token {token} is outside the model's vocabulary of {Vocabulary}");
    }
}

/// <summary>Llama-3 RoPE scaling (Hugging Face rope_type "llama3").</summary>
public sealed record RopeScaling(float Factor, float LowFrequencyFactor, float HighFrequencyFactor, int OriginalContextLength);
