using Harness.Kernels.Ceiling;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding;

/// <summary>A model ready to run on the CPU: weights packed, workers started, memory planned.</summary>
public sealed class CpuLanguageModel : ILanguageModel
{
    readonly ForwardBatch rows;

    CpuLanguageModel(Checkpoint checkpoint, Precision precision, Placement placement)
    {
        if (!placement.Device.Equals("cpu", StringComparison.OrdinalIgnoreCase))
            throw KernelCodes.BadPlacement.With(
                $"there is no device '{placement.Device}': Device is cpu, cuda, or cuda:N for GPU number N");
        if (placement.Threads < 0 || placement.Batch < 0 || placement.MemoryBytes < 0)
            throw KernelCodes.BadPlacement.With(
                $"Threads, Batch and Memory are not negative: {placement.Threads}, {placement.Batch}, {placement.MemoryBytes}");
        _ = precision.IsInt8OnCpu();
        Checkpoint = checkpoint;
        Precision = precision;
        InstructionSet = InstructionSets.Choose(placement.Isa, precision);
        Plan = MemoryPlan.For(checkpoint.Config, precision, placement, InstructionSet);
        Workers = new WorkerPool(placement.Workers);
        var cache = new KvCacheCpu(checkpoint.Config, precision, Plan.Pages);
        try
        {
            Transformer =
                new CpuTransformer(checkpoint, precision, cache, InstructionSet, Workers, new TransformerLimits(Plan.Rows, Plan.Batch));
        }
        catch
        {
            Workers.Dispose();
            cache.Dispose();
            throw;
        }
        rows = new ForwardBatch(Plan.Rows);
    }

    public Checkpoint Checkpoint { get; }

    public Precision Precision { get; }

    public InstructionSet InstructionSet { get; }

    public MemoryPlan Plan { get; }

    public int Batch => Plan.Batch;

    public WorkerPool Workers { get; }

    public CpuTransformer Transformer { get; }

    /// <summary>Loads the weights. The checkpoint stays the caller's.</summary>
    /// <exception cref="HarnessException">The placement is not this machine's, or the memory is too small.</exception>
    public static CpuLanguageModel Load(Checkpoint checkpoint, Precision precision, Placement placement) =>
        new(checkpoint, precision, placement);

    /// <inheritdoc/>
    public MemoryFit Fits(RequestShape shape)
    {
        var needs = new RequestCheck(Checkpoint.Config, shape.MaxTokens);
        if (needs.Refusal(shape.PromptTokens, "the prompt") is { } refusal)
            return MemoryFit.None(refusal);
        MemoryFit fit = needs.Fit(shape, Transformer.Cache.Available, Transformer.Cache.PageBytes);
        return fit with { Together = Math.Min(fit.Together, Batch) };
    }

    public IGenerator CreateGenerator() => new CpuGenerator(this);

    public MeasuredCeilings MeasureCeilings(TimeSpan time) => new(
        Precision.IsInt8OnCpu() ? PeakInt8.Measure(InstructionSet, Workers.Workers, time)
            : PeakF32.Measure(InstructionSet, Workers.Workers, time),
        PeakBandwidth.Measure(Workers.Workers, time));

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<int> tokens, LogitsVisitor visit, int pieceLength = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceLength, 1);
        RequireFits(tokens.Length);
        RequirePages(tokens.Length);
        KvCacheCpu cache = Transformer.Cache;
        var sequence = new SequencePages(PageSize.PagesFor(tokens.Length));
        try
        {
            for (int first = 0; first < tokens.Length; first += PageSize.Tokens)
                cache.PrepareWrite(sequence, first);
            EvaluatePieces(tokens, sequence, visit, pieceLength);
        }
        finally
        {
            cache.Release(sequence);
        }
    }

    /// <inheritdoc/>
    public void Evaluate(IReadOnlyList<EvaluatedText> texts, TextLogitsVisitor visit) =>
        new CpuTextEvaluation(this, rows, visit).Run(texts);

    public void Dispose()
    {
        Workers.Dispose();
        Transformer.Dispose();
        Transformer.Cache.Dispose();
    }

    /// <exception cref="HarnessException">A text of so many tokens is longer than the context.</exception>
    internal void RequireFits(int tokens)
    {
        if (tokens > Checkpoint.Config.ContextLength)
            throw KernelCodes.PromptTooLong.With($"{tokens} tokens exceed the model's context of {Checkpoint.Config.ContextLength}");
    }

    /// <exception cref="HarnessException">The pages that are free don't hold so many tokens.</exception>
    internal void RequirePages(int tokens)
    {
        KvCacheCpu cache = Transformer.Cache;
        if (PageSize.PagesFor(tokens) is var pages && pages > cache.Available)
            throw KernelCodes.MemoryBudget.With(
                $"{tokens} tokens need {pages} pages of {cache.PageBytes:N0} bytes, and the memory holds {cache.Available}");
    }

    unsafe void EvaluatePieces(ReadOnlySpan<int> tokens, SequencePages sequence, LogitsVisitor visit, int pieceLength)
    {
        int piece = Math.Min(pieceLength, Math.Min(Plan.Rows, Plan.Batch));
        for (int first = 0; first < tokens.Length; first += piece)
        {
            rows.Clear();
            int count = Math.Min(piece, tokens.Length - first);
            for (int i = 0; i < count; i++)
                rows.Add(tokens[first + i], first + i, sequence, logits: true);
            Transformer.Forward(rows);
            for (int i = 0; i < count; i++)
                visit(first + i, new ReadOnlySpan<float>(Transformer.Logits(i), Checkpoint.Config.Vocabulary));
        }
    }
}
