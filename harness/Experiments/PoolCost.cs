namespace Harness.Experiments;

/// <summary>Seconds of each piece of a pool's work, measured by a trial.</summary>
/// <param name="PromptToken">One token of a prompt, read once for all of its problem's samples.</param>
/// <param name="Sample">One sample beyond its prompt and tokens: its first draw, its text and its answer.</param>
/// <param name="Token">One token after a sample's first, in a full batch.</param>
public readonly record struct PoolRates(double PromptToken, double Sample, double Token)
{
    /// <summary>Seconds of samples.</summary>
    /// <param name="promptTokens">Of their prompts, each read once.</param>
    /// <param name="tokens">Of all samples together, one or more each.</param>
    public double SecondsOf(double promptTokens, long samples, double tokens) =>
        promptTokens * PromptToken + samples * Sample + Math.Max(tokens - samples, 0) * Token;

    public PoolRates Times(double factor) => new(PromptToken * factor, Sample * factor, Token * factor);
}

/// <summary>What a pool has to generate, and how long that takes.</summary>
/// <param name="Samples">In all.</param>
/// <param name="Kept">Finished by earlier runs.</param>
/// <param name="PromptTokens">Of all problems together.</param>
/// <param name="LongestPrompt">In tokens.</param>
public sealed record PoolCost(
    string Name,
    int Problems,
    long Samples,
    long Kept,
    long PromptTokens,
    int LongestPrompt,
    int MaxTokens,
    ExpectedLength Length,
    PoolRates Rates)
{
    /// <summary>Generated tokens of all samples: expected, or at most where <see cref="ExpectedLength.Source"/> is MaxTokens.</summary>
    public double Tokens => Samples * Length.Tokens;

    /// <summary>Seconds of all samples.</summary>
    public double Seconds => SecondsOf(Samples);

    public long SamplesLeft => Samples - Kept;

    public double TokensLeft => SamplesLeft * Length.Tokens;

    /// <summary>Seconds of the samples that no earlier run finished; prompts of problems that are wholly kept are not read again.</summary>
    public double SecondsLeft => SecondsOf(SamplesLeft);

    double SecondsOf(long samples) =>
        Samples == 0 ? 0 : Rates.SecondsOf((double)samples / Samples * PromptTokens, samples, samples * Length.Tokens);
}
