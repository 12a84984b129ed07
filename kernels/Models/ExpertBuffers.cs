using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Models;

/// <summary>What the kernels of a mixture of experts hand to one another, in a device's memory.</summary>
/// <param name="Normed">The layer's input in float32, which the router reads [rows, width].</param>
/// <param name="Logits">float32 [rows, <see cref="ExpertShape.RouterOutputs"/>].</param>
/// <param name="Chosen">int32 [experts, rows]: -1 where a row does not pass an expert.</param>
/// <param name="Factors">float32 [rows, <see cref="ExpertShape.RouterOutputs"/>].</param>
/// <param name="Outputs">One expert's, float32 [rows, width].</param>
/// <param name="Mixed">The sum so far, float32 [rows, width].</param>
sealed record ExpertBuffers(
    DevicePointer Normed, DevicePointer Logits, DevicePointer Chosen, DevicePointer Factors, DevicePointer Outputs, DevicePointer Mixed)
{
    /// <summary>Bytes of a row.</summary>
    public static long BytesPerRow(ModelConfig config) => config.Experts is { } experts
        ? sizeof(float) * ((3L * config.Width) + (2L * experts.RouterOutputs) + experts.Count) : 0;
}
