namespace Harness.Strategies;

/// <summary>What a strategy draws that decides from the samples so far whether it needs another.</summary>
/// <param name="Chances">Each sample's chance to be drawn; NaN where the multiplier exceeds the samples.</param>
/// <param name="CriticalTokens">The expected longest chain of tokens.</param>
public sealed record DrawnSamples(double[] Chances, double CriticalTokens);
