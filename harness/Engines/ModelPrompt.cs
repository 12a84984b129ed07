namespace Harness.Engines;

/// <summary>What a model is given.</summary>
/// <param name="Text">The question with all that its chat form puts around it.</param>
/// <param name="Tokens">Empty where there is nothing to go on from.</param>
public sealed record ModelPrompt(string Text, int[] Tokens);
