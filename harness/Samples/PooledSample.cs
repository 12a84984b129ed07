namespace Harness.Samples;

/// <summary>What estimators know of one sample.</summary>
/// <param name="Answer">Null where the text holds none.</param>
/// <param name="Tokens">How many were generated; null where a recording does not say.</param>
/// <param name="Logprob">Sum of the tokens' natural log-probabilities; null as <paramref name="Tokens"/>.</param>
/// <param name="CutOff">Whether it was cut off at MaxTokens; null as <paramref name="Tokens"/>.</param>
public readonly record struct PooledSample(string? Answer, bool Correct, int? Tokens, double? Logprob, bool? CutOff = false);
