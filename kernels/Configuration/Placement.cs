namespace Harness.Kernels.Configuration;

/// <summary>Where and how a run happens; never part of what it is.</summary>
public sealed record Placement
{
    /// <summary>cpu or cuda.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>0: one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that work, the caller's among them.</summary>
    public int Workers => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Most samples decoded together; 0: planned from memory.</summary>
    public int Batch { get; init; }

    /// <summary>auto, portable, avx2, avxvnni, avx512.</summary>
    public string Isa { get; init; } = "auto";

    /// <summary>Bytes for weights, keys and values, and scratch; 0: three quarters of what is free.</summary>
    public long MemoryBytes { get; init; }
}
