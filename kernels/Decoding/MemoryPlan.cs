using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding;

/// <summary>How many samples are decoded together and how many pages of keys and values they may use, from a budget in bytes.</summary>
/// <param name="Batch">Most samples in flight.</param>
/// <param name="Rows">Most rows of one pass; prompts are cut to it.</param>
/// <param name="Pages">Pages of 64 tokens, shared and own together.</param>
/// <param name="WeightBytes">Estimate of the packed weights.</param>
public readonly record struct MemoryPlan(int Batch, int Rows, int Pages, long WeightBytes)
{
    /// <summary>Samples at which matrices are used well and keys and values still fit a cache.</summary>
    const int UsualBatch = 64;
    const int LeastRows = 64;

    /// <exception cref="HarnessException">The budget holds neither the weights nor one page.</exception>
    public static MemoryPlan For(ModelConfig config, Precision precision, Placement placement)
    {
        long budget = placement.MemoryBytes > 0 ? placement.MemoryBytes : FreeBytes() / 4 * 3;
        int batch = placement.Batch > 0 ? placement.Batch : UsualBatch;
        long weights = Parameters(config) * (precision == Precision.F32 ? sizeof(float) : sizeof(sbyte)) * 21 / 20;
        long page = KvCache.PageSize(config, precision);
        int rows = Math.Max(batch, LeastRows);
        while (batch > 1 && weights + ActivationBytes(config, rows, batch) + (batch * page) > budget)
        {
            batch /= 2;
            rows = Math.Max(batch, 1);
        }
        long left = budget - weights - ActivationBytes(config, rows, batch);
        if (left < page)
        {
            long least = weights + ActivationBytes(config, 1, 1) + page;
            throw Codes.MemoryBudget.With($"memory of {budget:N0} bytes is too small: weights {weights:N0}, and {least:N0} in all for one sample of 64 tokens");
        }
        return new MemoryPlan(batch, rows, (int)Math.Min(left / page, int.MaxValue), weights);
    }

    static long Parameters(ModelConfig config) =>
        ModelFlops.BodyMultiplyAdds(config) + ModelFlops.HeadMultiplyAdds(config) + (config.Width * ((2L * config.Layers) + 1));

    static long ActivationBytes(ModelConfig config, int rows, int logitRows)
    {
        long perRow = (5L * config.Width) + (4L * config.QueryWidth) + (2L * config.KvWidth) + (5L * config.FeedForward);
        return sizeof(float) * ((rows * perRow) + (2L * logitRows * config.Vocabulary));
    }

    static long FreeBytes()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return Math.Max(memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes, memory.TotalAvailableMemoryBytes / 8);
    }
}
