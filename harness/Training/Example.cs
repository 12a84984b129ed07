namespace Harness.Training;

/// <summary>A text to learn from.</summary>
/// <param name="Tokens">Begin, prompt, answer and end.</param>
/// <param name="PromptTokens">How many of them are given: begin and prompt. At least 1.</param>
/// <param name="Identity">Equal for equal problems, whatever their answers.</param>
public readonly record struct Example(int[] Tokens, int PromptTokens, ulong Identity);
