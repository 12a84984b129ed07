using Harness.Kernels.Driver;

namespace Harness.Kernels.Models;

/// <summary>
/// What the kernels of a layer's experts hand to one another, in a device's memory. A row has a place for each of its experts.
/// </summary>
sealed record ExpertBuffers
{
    /// <summary>What the router reads, float32 [rows, width].</summary>
    public required DevicePointer Normed { get; init; }

    /// <summary>float32 [rows, router outputs].</summary>
    public required DevicePointer Logits { get; init; }

    /// <summary>int32 [rows, active]: each row's experts.</summary>
    public required DevicePointer Chosen { get; init; }

    /// <summary>float32 [rows, active]: what their outputs are weighted with.</summary>
    public required DevicePointer Factors { get; init; }

    /// <summary>int32 [experts + 1]: where the places of each begin.</summary>
    public required DevicePointer Starts { get; init; }

    /// <summary>int32 [rows, active].</summary>
    public required DevicePointer Places { get; init; }

    /// <summary>int32 [places]: the row at each.</summary>
    public required DevicePointer RowOf { get; init; }

    /// <summary>Rows in the order of their experts [places, width].</summary>
    public required DeviceInput Gathered { get; init; }

    /// <summary>What the gated activation gives [places, feed-forward width].</summary>
    public required DeviceInput Activated { get; init; }

    /// <summary>What the experts give, float32 [places, width].</summary>
    public required DevicePointer Outputs { get; init; }

    /// <summary>What a shared expert gives, float32 [rows, width].</summary>
    public required DevicePointer Shared { get; init; }

    /// <summary>w8a8: scratch of few rows' gated activation, float32 [places of few rows, feed-forward width], rounded up.</summary>
    public DevicePointer Activations { get; init; }

    /// <summary>w8a8: counters of few rows, zeros between kernels.</summary>
    public DevicePointer Counters { get; init; }
}
