namespace Harness.Strategies;

/// <summary>What a search may spend on one problem.</summary>
/// <param name="Multiplier">k: nominally so many times the compute of one plain sample.</param>
public readonly record struct Budget(int Multiplier);
