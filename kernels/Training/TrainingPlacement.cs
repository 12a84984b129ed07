namespace Harness.Kernels.Training;

/// <summary>Where and how a training runs; never part of what it makes.</summary>
public sealed record TrainingPlacement
{
    /// <summary>cpu, cuda, cuda:N for GPU number N, or auto: cuda where a GPU can be used.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>0: one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that work, the caller's among them.</summary>
    public int Workers => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>auto, portable, avx2, avxvnni, avx512.</summary>
    public string Isa { get; init; } = "auto";

    /// <summary>
    /// Padded tokens that pass the model together; rounded to sequences that end on a block of 64 rows, at least the least number of those.
    /// 0: what fits a cache, or on a GPU what fills it.
    /// </summary>
    public int MicroBatchTokens { get; init; }

    /// <summary>Bytes for weights, moments, gradients and activations; 0: three quarters of what is free, on a GPU all of
    /// it.</summary>
    public long MemoryBytes { get; init; }
}
