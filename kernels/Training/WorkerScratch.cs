using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Training;

/// <summary>What one worker needs for the rows that it takes at once.</summary>
sealed class WorkerScratch(ModelConfig config, int rows, int longestSequence, InstructionSet form) : IDisposable
{
    /// <summary>What a matrix adds to the residual stream, or the gradient of a norm's output.</summary>
    public RowBuffer Delta { get; } = new(rows, config.Width);

    public RowBuffer ActivatedGradient { get; } = new(rows, config.FeedForward);

    /// <summary>Of a model with experts; else null.</summary>
    public ExpertScratch? Experts { get; } = config.Experts is null ? null : new ExpertScratch(config, rows);

    public RowBuffer MixedGradient { get; } = new(rows, config.QueryWidth);

    /// <summary>Of one sequence.</summary>
    public RowBuffer QkvGradient { get; } = new(longestSequence, config.QueryWidth + (2 * config.KvWidth));

    /// <summary>One row.</summary>
    public RowBuffer Row { get; } = new(1, config.Width);

    public SequenceAttention Attention { get; } = new(config, longestSequence, form);

    public Sampler Sampler { get; } = new(config.Vocabulary);

    /// <summary>Bytes of such scratch.</summary>
    public static Int128 Bytes(ModelConfig config, long rows, int longestSequence) =>
        RowBuffer.Bytes(rows, config.Width) + RowBuffer.Bytes(rows, config.FeedForward)
        + RowBuffer.Bytes(rows, config.QueryWidth) + RowBuffer.Bytes(longestSequence, config.QueryWidth + (2 * config.KvWidth))
        + RowBuffer.Bytes(1, config.Width) + SequenceAttention.Bytes(config, longestSequence)
        + (config.Vocabulary * (2 * (Int128)sizeof(ulong))) + (config.Experts is null ? 0 : ExpertScratch.Bytes(config, rows));

    public void Dispose()
    {
        foreach (IDisposable part in new IDisposable[]
            { Delta, ActivatedGradient, MixedGradient, QkvGradient, Row, Attention, Sampler })
            part.Dispose();
        Experts?.Dispose();
    }
}
