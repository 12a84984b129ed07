namespace Harness.Engines.Recorded;

/// <summary>One sample as a recorded file has it; null is what the file does not say.</summary>
public sealed record RecordedSample
{
    /// <summary>Its line in the file, 1-based; 0 where the file is not read by lines.</summary>
    public required int Line { get; init; }

    /// <summary>The problem's number in the file.</summary>
    public required int Problem { get; init; }

    /// <summary>The sample's number within its problem; null: it follows the one before it.</summary>
    public int? Sample { get; init; }
    public string? Answer { get; init; }
    public bool? Correct { get; init; }
    public string? Text { get; init; }
    public int? PromptTokens { get; init; }
    public int? Tokens { get; init; }

    /// <summary>Sum of the tokens' natural log-probabilities.</summary>
    public double? Logprob { get; init; }
    public int? Difficulty { get; init; }

    /// <summary>As samples.csv has it: stop, length or stop-string.</summary>
    public string? Finish { get; init; }
    public string? TokensHash { get; init; }
}
