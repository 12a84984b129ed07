using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Models;

/// <summary>Where the rows of a pass are described, in a device's memory: int32 [rows] each.</summary>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Positions">Absolute; negative where a row has nothing to do.</param>
/// <param name="Sequences">Their rows of the page table.</param>
/// <param name="FirstOwnChunk">The chunk from which a row reads alone.</param>
/// <param name="LogitRowOf">The rows whose logits are wanted.</param>
readonly record struct DeviceRows(
    DevicePointer Tokens, DevicePointer Positions, DevicePointer Sequences, DevicePointer FirstOwnChunk, DevicePointer LogitRowOf);

/// <summary>One pass through the model.</summary>
readonly record struct DevicePass
{
    public required int Rows { get; init; }

    public required DevicePointer Cache { get; init; }

    /// <summary>int32 [sequences, <see cref="MaxPages"/>].</summary>
    public required DevicePointer Table { get; init; }

    public required int MaxPages { get; init; }

    /// <summary>Scratch of attention: <see cref="DeviceLayout.PartialFloats"/> a row, head and chunk.</summary>
    public required DevicePointer Partials { get; init; }

    /// <summary>int32: how many of the items there are.</summary>
    public required DevicePointer ItemCount { get; init; }

    /// <summary>Chunks that several rows read together.</summary>
    public required DevicePointer Items { get; init; }

    /// <summary>Items that there can be; 0: none.</summary>
    public required int ItemCapacity { get; init; }

    /// <summary>Whether rows also read chunks of their own, from their first own one.</summary>
    public bool Own { get; init; }

    /// <summary>Logits wanted.</summary>
    public required int LogitRows { get; init; }

    /// <summary>int32: the rows whose logits are wanted. A null pointer means the first ones.</summary>
    public DevicePointer LogitRowOf { get; init; }
}

/// <summary>Rows that a matrix reads: float32 or bf16 values, or int8 with scales.</summary>
readonly record struct DeviceInput(DevicePointer Values, DevicePointer Q, DevicePointer Scales);
