using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Decoding;

/// <summary>How many samples are decoded together and how many pages of keys and values they may use, from a budget in bytes.</summary>
/// <param name="Batch">Most samples in flight.</param>
/// <param name="Rows">Most rows of one pass; prompts are cut to it.</param>
/// <param name="Pages">Pages of 64 tokens, shared and own together.</param>
/// <param name="WeightBytes">The packed weights.</param>
public readonly record struct MemoryPlan(int Batch, int Rows, int Pages, long WeightBytes)
{
    /// <summary>Samples at which matrices are used well and keys and values still fit a cache.</summary>
    const int UsualBatch = 64;
    const int UsualRows = 64;

    /// <summary>A prompt's page, and the sample's own copy of it.</summary>
    const int LeastPages = 2;

    /// <summary>Gives up rows beyond the batch first, since they speed up prompts alone, then samples.</summary>
    /// <exception cref="HarnessException">The budget does not hold the weights, one row's buffers and a sample's pages.</exception>
    public static MemoryPlan For(ModelConfig config, Precision precision, Placement placement, InstructionSet instructionSet)
    {
        long budget = Budget(placement);
        var memory = new ModelMemory(config, precision, instructionSet, placement.Workers);
        Int128 weights = memory.Weights;
        Int128 always = weights + memory.Samplers;
        int batch = placement.Batch > 0 ? placement.Batch : UsualBatch;
        int rows = Math.Max(batch, UsualRows);
        while (memory.Pages(budget - always - memory.Pass(rows, batch)) is var pages)
        {
            if (pages >= Math.Max(batch, LeastPages))
                return new MemoryPlan(batch, rows, (int)Math.Min(pages, int.MaxValue), (long)weights);
            if (rows == 1)
                break;
            if (rows == batch)
                batch /= 2;
            rows = Math.Max(batch, rows / 2);
        }
        Int128 least = Least(config, precision, placement, instructionSet);
        throw KernelCodes.MemoryBudget.With(
            $"memory of {budget:N0} bytes is too small: weights {weights:N0}, and {least:N0} in all for one sample of 64 tokens");
    }

    /// <summary>Bytes that a placement may use: those that it states, else three quarters of what is free now.</summary>
    public static long Budget(Placement placement) => FreeMemory.Budget(placement.MemoryBytes);

    /// <summary>Bytes without which not one sample of 64 tokens can be drawn.</summary>
    public static Int128 Least(ModelConfig config, Precision precision, Placement placement, InstructionSet instructionSet)
    {
        var memory = new ModelMemory(config, precision, instructionSet, placement.Workers);
        return memory.Weights + memory.Samplers + memory.Pass(1, 1) + memory.ForPages(LeastPages);
    }
}
