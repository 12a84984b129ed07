namespace Harness.Kernels.Decoding;

public enum FinishReason
{
    /// <summary>An end token was drawn; it is the last of the tokens.</summary>
    Stop,

    /// <summary>The maximum number of tokens was reached.</summary>
    Length,

    /// <summary>A stop string appeared in the text.</summary>
    StopString,
}

/// <summary>How tokens are drawn. Applied in this order: temperature, top-k, top-p, min-p.</summary>
public sealed record DecodingSettings
{
    /// <summary>Below it, but for 0, logits divided by the temperature could leave the range of float32.</summary>
    public const float LowestTemperature = 0.001f;

    /// <summary>Above it, draws are uniform but for rounding.</summary>
    public const float HighestTemperature = 100;

    public required ulong Seed { get; init; }

    /// <summary>0 is greedy; else from <see cref="LowestTemperature"/> to <see cref="HighestTemperature"/>.</summary>
    public required float Temperature { get; init; }

    /// <summary>0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>1 keeps all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>0 keeps all.</summary>
    public float MinP { get; init; }

    public required int MaxTokens { get; init; }

    public IReadOnlyList<int> StopTokens { get; init; } = [];

    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Whether a temperature is one that can be drawn at.</summary>
    public static bool IsTemperature(float value) => value is 0 or (>= LowestTemperature and <= HighestTemperature);
}

/// <summary>Samples wanted of one prompt: <see cref="Samples"/> lists their indices, each the third word of its random stream.</summary>
public sealed record GenerationRequest
{
    /// <summary>Index of the problem: names the random stream with the sample's index.</summary>
    public required int Problem { get; init; }

    public required IReadOnlyList<int> Prompt { get; init; }

    public required IReadOnlyList<int> Samples { get; init; }
}

/// <summary>One finished sample. Its tokens depend on the model, the prompt, the settings and (problem, sample), and nothing else.</summary>
/// <remarks>
/// Tokens include the end token; log-probabilities are natural, of each token, at temperature 1 over the full vocabulary.
/// </remarks>
public sealed record Generation(int Problem, int Sample, int[] Tokens, float[] LogProbabilities, FinishReason Finish);

/// <summary>Where and how a run happens; never part of what it is.</summary>
public sealed record Placement
{
    /// <summary>cpu or cuda.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>0: one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that work, the caller's among them.</summary>
    public int Workers => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Most samples decoded together; 0: planned from memory.</summary>
    public int Batch { get; init; }

    /// <summary>auto, portable, avx2, avxvnni, avx512.</summary>
    public string Isa { get; init; } = "auto";

    /// <summary>Bytes for weights, keys and values, and scratch; 0: three quarters of what is free.</summary>
    public long MemoryBytes { get; init; }
}

/// <summary>Draws samples from a model.</summary>
public interface IGenerator : IDisposable
{
    /// <summary>
    /// Generates every sample of every request and calls <paramref name="finished"/> for each as it ends, from one thread at a time, in
    /// no promised order.
    /// </summary>
    void Generate(IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation);
}
