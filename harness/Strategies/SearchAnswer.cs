namespace Harness.Strategies;

/// <summary>What a search came to.</summary>
/// <param name="Path">The path whose text holds the answer; null where the search found none.</param>
public readonly record struct SearchAnswer(SearchPath? Path);
