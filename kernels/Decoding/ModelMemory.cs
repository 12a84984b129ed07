using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;
using Harness.Kernels.Linear;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding;

/// <summary>What running a model takes, in bytes. Sums are of 128 bits: a file may claim shapes whose products leave 64.</summary>
sealed class ModelMemory(ModelConfig config, Precision precision, InstructionSet instructionSet, int workers)
{
    /// <summary>Tables grow to twice the positions in use.</summary>
    const int Growth = 2;

    /// <summary>Packed matrices and vectors.</summary>
    public Int128 Weights
    {
        get
        {
            Int128 layer = FeedForwards + Matrix(QkvWidth, config.Width) + Matrix(config.Width, config.QueryWidth);
            long vectors = (2L * config.Width) + (config.QkvBias ? QkvWidth : 0) + (config.HeadNorms ? 2L * config.HeadWidth : 0);
            return Matrix(config.Vocabulary, config.Width) + (config.Layers * (layer + (sizeof(float) * vectors)))
                + (sizeof(float) * (long)config.Width);
        }
    }

    /// <summary>Candidates and sums of each worker's sampler.</summary>
    public Int128 Samplers => (Int128)workers * sizeof(ulong) * ((2L * config.Vocabulary) + (config.Vocabulary / 32) + 1);

    public long Page => KvCacheCpu.BytesOfPage(config, precision);

    /// <summary>Of a layer.</summary>
    Int128 FeedForwards => config.Experts is { } experts
        ? (experts.Count * FeedForward(config.FeedForward)) + (experts.HasShared ? FeedForward(experts.SharedFeedForward) : 0)
            + F32Matrix.Bytes(experts.RouterOutputs, config.Width)
        : FeedForward(config.FeedForward);

    /// <summary>Of the feed-forward that every row passes; 0: there is none.</summary>
    int SharedWidth => config.Experts is { } experts ? experts.SharedFeedForward : config.FeedForward;

    int QkvWidth => config.QueryWidth + (2 * config.KvWidth);

    /// <summary>
    /// Buffers of a pass of <paramref name="rows"/>, and logits of its <paramref name="logitRows"/> and of as many prompts.
    /// </summary>
    public Int128 Pass(int rows, int logitRows)
    {
        long perRow = (2L * config.Width) + QkvWidth + (2L * SharedWidth);
        Int128 single = (rows * (Int128)perRow) + (2 * (Int128)logitRows * config.Vocabulary);
        return (sizeof(float) * single) + Input(rows, config.Width) + Input(rows, config.QueryWidth)
            + (SharedWidth > 0 ? Input(rows, SharedWidth) : 0) + Input(logitRows, config.Width)
            + (config.Experts is null ? 0 : CpuExperts.Bytes(config, precision, instructionSet, rows, workers));
    }

    /// <summary>
    /// Most pages of keys and values that <paramref name="bytes"/> hold beside the tables that a sequence of so many pages needs.
    /// </summary>
    public long Pages(Int128 bytes)
    {
        Int128 growing = bytes / (Page + (Growth * TablesPerPage));
        Int128 whole = (bytes - (TablesPerPage * (Int128)PageSize.PagesFor(config.ContextLength))) / Page;
        return (long)Int128.Clamp(Int128.Max(growing, whole), 0, long.MaxValue);
    }

    /// <summary>
    /// The least that <see cref="Pages"/> needs for <paramref name="count"/> pages, before the context bounds the tables.
    /// </summary>
    public Int128 ForPages(int count) =>
        (count * (Int128)Page) + (TablesPerPage * (Int128)Math.Min((long)Growth * count, PageSize.PagesFor(config.ContextLength)));

    /// <summary>Cosines and sines of 64 positions, and every worker's partial results of a chunk of 64 keys.</summary>
    long TablesPerPage => sizeof(float)
        * (((long)PageSize.Tokens * config.HeadWidth) + ((long)workers * AttentionCpu.Queries * (KvCacheCpu.PaddedWidth(config) + 2)));

    Int128 FeedForward(int width) => Matrix(2 * width, config.Width) + Matrix(config.Width, width);

    Int128 Matrix(int outputs, int inputs) => Projection.Bytes(outputs, inputs, precision, instructionSet);

    Int128 Input(int rows, int width) => LinearInput.Bytes(rows, width, precision, instructionSet);
}
