namespace Harness.Samples;

/// <summary>What estimators know of one sample.</summary>
/// <param name="Answer">Null where the text holds none.</param>
/// <param name="Logprob">Sum of the tokens' natural log-probabilities.</param>
public readonly record struct PooledSample(string? Answer, bool Correct, int Tokens, double Logprob, double? Reward);
