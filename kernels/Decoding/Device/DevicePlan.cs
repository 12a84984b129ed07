using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding.Device;

/// <summary>How many samples a device decodes together and how many rows pass at once, from the memory that is free.</summary>
/// <param name="Batch">Most samples in flight.</param>
/// <param name="Rows">Most rows of one pass; prompts are cut to it.</param>
/// <param name="Budget">Bytes that the model with its samples may use.</param>
readonly record struct DevicePlan(int Batch, int Rows, long Budget)
{
    const int LargestBatch = 8192;
    const int UsualRows = 1024;

    /// <summary>The part of the budget that buffers of a pass may take: an eighth.</summary>
    const int PassShare = 8;

    /// <summary>A stated batch is kept where it fits at all; keys and values are planned when samples are asked for.</summary>
    /// <exception cref="HarnessException">The device holds neither the weights nor one row's buffers.</exception>
    public static DevicePlan For(IKernelDevice device, ModelConfig config, Precision precision, Placement placement)
    {
        long budget = BudgetOn(device, placement);
        Int128 weights = CudaTransformer.WeightBytes(config, precision);
        Int128 least = Least(config, precision);
        if (least > budget)
        {
            throw KernelCodes.MemoryBudget.With(
                $"the model needs {least:N0} bytes on {device.Facts.Name} for one sample of 64 tokens, weights {weights:N0} of them, and "
                + $"{budget:N0} of {device.Facts.TotalBytes:N0} may be used");
        }
        Int128 left = budget - weights;
        int batch = placement.Batch > 0 ? placement.Batch : LargestBatch;
        Int128 allowed = placement.Batch > 0 ? left / 2 : left / PassShare;
        int rows = Math.Max(batch, UsualRows);
        while (rows > 1 && CudaTransformer.PassBytes(config, precision, new TransformerLimits(rows, batch)) > allowed)
        {
            if (rows == batch)
                batch = Math.Max(1, batch / 2);
            rows = Math.Max(batch, rows / 2);
        }
        return new DevicePlan(batch, rows, budget);
    }

    /// <summary>Bytes that a placement may use: those that it states, as far as they are free, else all that are.</summary>
    public static long BudgetOn(IKernelDevice device, Placement placement) =>
        placement.MemoryBytes > 0 ? Math.Min(placement.MemoryBytes, device.FreeBytes) : device.FreeBytes;

    /// <summary>Bytes without which not one sample of 64 tokens can be drawn.</summary>
    public static Int128 Least(ModelConfig config, Precision precision) => CudaTransformer.WeightBytes(config, precision)
        + CudaTransformer.PassBytes(config, precision, new TransformerLimits(1, 1)) + (2 * DeviceLayout.PageBytes(config, precision));
}
