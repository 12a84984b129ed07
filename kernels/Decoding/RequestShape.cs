namespace Harness.Kernels.Decoding;

/// <summary>What a request takes, without its tokens.</summary>
/// <param name="PromptTokens">Of its prompt; at least one.</param>
/// <param name="MaxTokens">Of the longest answer; at least one.</param>
/// <param name="Samples">Answers to the prompt.</param>
public readonly record struct RequestShape(int PromptTokens, int MaxTokens, int Samples = 1);
