namespace Harness.Comparison;

/// <summary>A problem's right answer as both sides have it.</summary>
public readonly record struct MovedGold(int Problem, string Before, string After);
