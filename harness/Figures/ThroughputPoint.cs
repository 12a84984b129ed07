namespace Harness.Figures;

/// <summary>Decoding speed at one batch size: the median of repeated runs and their spread, in tokens per second.</summary>
public readonly record struct ThroughputPoint(int Batch, double Median, double Low, double High);
