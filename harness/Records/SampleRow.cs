namespace Harness.Records;

/// <summary>One row of samples.csv, in the file's column order.</summary>
public sealed record SampleRow
{
    /// <summary>The <see cref="Finish"/> of a sample that reached MaxTokens.</summary>
    public const string CutOff = "length";

    public required string Pool { get; init; }
    public required int Problem { get; init; }
    public required int Sample { get; init; }
    public required int Difficulty { get; init; }

    /// <summary>Null, and an empty field, where a recording does not say.</summary>
    public required int? PromptTokens { get; init; }

    /// <summary>As <see cref="PromptTokens"/>.</summary>
    public required int? Tokens { get; init; }

    /// <summary>stop, length or stop-string; empty where a recording does not say.</summary>
    public required string Finish { get; init; }

    /// <summary>Empty where the text holds none.</summary>
    public required string Answer { get; init; }

    /// <summary>0 or 1.</summary>
    public required int Correct { get; init; }

    /// <summary>Sum of the tokens' natural log-probabilities; null as <see cref="PromptTokens"/>.</summary>
    public required double? Logprob { get; init; }

    /// <summary>First 16 hex digits of SHA-256 of the token ids as little-endian int32; empty where a recording has none.</summary>
    public required string TokensHash { get; init; }
}
