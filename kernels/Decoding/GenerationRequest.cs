namespace Harness.Kernels.Decoding;

/// <summary>Samples wanted of one prompt: <see cref="Samples"/> lists their indices, each the third word of its random stream.</summary>
public sealed record GenerationRequest
{
    /// <summary>Index of the problem: names the random stream with the sample's index.</summary>
    public required int Problem { get; init; }

    public required IReadOnlyList<int> Prompt { get; init; }

    public required IReadOnlyList<int> Samples { get; init; }

    /// <summary>What it takes with answers of at most so many tokens.</summary>
    public RequestShape Shape(int maxTokens) => new(Prompt.Count, maxTokens, Samples.Count);
}
