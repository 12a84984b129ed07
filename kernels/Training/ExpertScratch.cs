using Harness.Kernels.Configuration;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>What one worker needs for the experts of the rows that it takes at once.</summary>
sealed class ExpertScratch(ModelConfig config, int rows) : IDisposable
{
    /// <summary>Rows of one expert: its inputs, or the gradients of its outputs.</summary>
    public RowBuffer Gathered { get; } = new(rows, config.Width);

    /// <summary>Rows of one expert: its outputs, or the gradients of its inputs.</summary>
    public RowBuffer Outputs { get; } = new(rows, config.Width);

    /// <summary>[rows, active experts]: gradients of the factors.</summary>
    public float[] FactorGradients { get; } = new float[rows * config.Experts!.Active];

    /// <summary>[experts + 1]: each expert's first place.</summary>
    public int[] Starts { get; } = new int[config.Experts!.Count + 1];

    /// <summary>Of one sequence.</summary>
    public SequenceBalance Balance { get; } = new(config.Experts!);

    /// <summary>Bytes of such scratch.</summary>
    public static Int128 Bytes(ModelConfig config, long rows) =>
        (2 * RowBuffer.Bytes(rows, config.Width)) + (sizeof(float) * (Int128)rows * config.Experts!.Active);

    public void Dispose()
    {
        Gathered.Dispose();
        Outputs.Dispose();
    }
}
