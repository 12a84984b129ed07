namespace Harness.Pools;

/// <param name="TokensHash">Of the tokens that the text is made of, as samples.csv writes it; empty where a recording has none.</param>
public readonly record struct SampleText(string TokensHash, string Text);
