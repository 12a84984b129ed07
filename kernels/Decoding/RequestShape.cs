namespace Harness.Kernels.Decoding;

/// <summary>What a request takes, without its tokens.</summary>
/// <param name="PromptTokens">Tokens of the prompt; at least one.</param>
/// <param name="MaxTokens">Tokens of the longest answer; at least one.</param>
/// <param name="Samples">Answers to the prompt.</param>
public readonly record struct RequestShape(int PromptTokens, int MaxTokens, int Samples = 1);
