namespace Harness.Kernels.Training;

/// <summary>Where and how a training runs; never part of what it makes.</summary>
public sealed record TrainingPlacement
{
    /// <summary>0: one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that work, the caller's among them.</summary>
    public int Workers => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>auto, portable, avx2, avxvnni, avx512.</summary>
    public string Isa { get; init; } = "auto";

    /// <summary>
    /// Padded tokens that pass the model together; rounded to sequences that end on a block of 64 rows, at least the least number of those.
    /// 0: what fits a cache.
    /// </summary>
    public int MicroBatchTokens { get; init; }

    /// <summary>Bytes for weights, moments, gradients and activations; 0: three quarters of what is free.</summary>
    public long MemoryBytes { get; init; }
}
