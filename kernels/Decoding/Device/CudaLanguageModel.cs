using System.Runtime.InteropServices;
using Harness.Kernels.Ceiling;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding.Device;

/// <summary>A model ready to run on a GPU: weights in its memory, buffers planned.</summary>
public sealed class CudaLanguageModel : ILanguageModel
{
    /// <summary>Bytes of logits that the host is given at once.</summary>
    const int LogitBytes = 256 << 20;

    readonly long budget;
    readonly bool ownsDevice;
    DeviceSession? session;

    CudaLanguageModel(IKernelDevice device, bool ownsDevice, Checkpoint checkpoint, Precision precision, Placement placement)
    {
        if (placement.Threads < 0 || placement.Batch < 0 || placement.MemoryBytes < 0)
            throw KernelCodes.BadPlacement.With(
                $"Threads, Batch and Memory are not negative: {placement.Threads}, {placement.Batch}, {placement.MemoryBytes}");
        if (checkpoint.Config.Experts is not null && precision == Precision.Bf16)
            throw KernelCodes.ArchitectureUnsupported.With("a mixture of experts is not implemented in bf16; use Precision=w8a8 or f32");
        Device = device;
        this.ownsDevice = ownsDevice;
        Checkpoint = checkpoint;
        Precision = precision;
        // The driver compiles while the weights are read.
        device.Prepare(ModelModules.Of(checkpoint.Config, precision));
        DevicePlan plan = DevicePlan.For(device, checkpoint.Config, precision, placement);
        var limits = new TransformerLimits(plan.Rows, plan.Batch);
        Transformer = new CudaTransformer(device, checkpoint, precision, limits, placement.Workers);
        budget = plan.Budget
            - (long)(
                CudaTransformer.WeightBytes(checkpoint.Config, precision)
                + CudaTransformer.PassBytes(checkpoint.Config, precision, limits));
        Batch = plan.Batch;
    }

    public IKernelDevice Device { get; }

    public Checkpoint Checkpoint { get; }

    public Precision Precision { get; }

    public int Batch { get; }

    internal CudaTransformer Transformer { get; }

    /// <summary>
    /// Loads the weights onto a device. The checkpoint stays the caller's; so does the device, unless <paramref name="ownsDevice"/>.
    /// </summary>
    /// <exception cref="HarnessException">The device's memory is too small.</exception>
    public static CudaLanguageModel Load(
        IKernelDevice device, Checkpoint checkpoint, Precision precision, Placement placement, bool ownsDevice = false)
    {
        try
        {
            return new CudaLanguageModel(device, ownsDevice, checkpoint, precision, placement);
        }
        catch when (ownsDevice)
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Environment variable that, at 0, has steps launched kernel by kernel and not as one recorded graph: slower, the same bytes.
    /// </summary>
    public const string GraphsVariable = "HARNESS_CUDA_GRAPHS";

    /// <inheritdoc/>
    public MemoryFit Fits(RequestShape shape)
    {
        var needs = new RequestCheck(Checkpoint.Config, shape.MaxTokens);
        if (needs.Refusal(shape.PromptTokens, "the prompt") is { } refusal)
            return MemoryFit.None(refusal);
        SessionNeed need = Need([shape], needs);
        long free = FreeForSessions();
        SessionPlan plan = SessionPlan.For(Checkpoint.Config, Precision, need, free);
        if (plan.Refusal(need, free) is { } tooSmall)
            return MemoryFit.None(tooSmall);
        MemoryFit fit = needs.Fit(shape, plan.Pages, plan.PageBytes);
        return fit with { Together = Math.Min(fit.Together, plan.Slots) };
    }

    public IGenerator CreateGenerator() => new CudaGenerator(this, Environment.GetEnvironmentVariable(GraphsVariable) != "0");

    /// <remarks>The time is the device's own choice: some tenths of a second.</remarks>
    /// <inheritdoc/>
    public MeasuredCeilings MeasureCeilings(TimeSpan time)
    {
        DeviceCeilings ceilings = DeviceCeilings.Measure(Device);
        return new MeasuredCeilings(2 * ceilings.MultiplyAdds(Precision), ceilings.CopyBytes);
    }

    /// <summary>A generator whose steps are recorded graphs, or kernels launched one by one.</summary>
    public IGenerator CreateGenerator(bool useGraphs) => new CudaGenerator(this, useGraphs);

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<int> tokens, LogitsVisitor visit, int pieceLength = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceLength, 1);
        if (tokens.IsEmpty)
            return;
        ModelConfig config = Checkpoint.Config;
        if (tokens.Length > config.ContextLength)
            throw KernelCodes.PromptTooLong.With($"{tokens.Length} tokens exceed the model's context of {config.ContextLength}");
        foreach (int token in tokens)
            config.RequireToken(token);
        int pages = PageSize.PagesFor(tokens.Length), rows = Math.Min(tokens.Length, Transformer.Limits.Rows);
        DeviceSession opened = OpenSession(new SessionNeed(rows, 1, tokens.Length, 1, pages, pages, 1));
        var sequence = new SequencePages(pages);
        try
        {
            while (sequence.Count < pages)
                opened.Pages.Extend(sequence);
            opened.SetPages(0, sequence);
            opened.UploadTable(0, 1);
            Transformer.ReservePositions(tokens.Length);
            using var items = new AttentionItems(Device, config, 64);
            EvaluatePieces(
                tokens,
                sequence,
                opened,
                items,
                visit,
                Math.Min(Math.Min(pieceLength, PieceRows(config.Vocabulary)), Math.Min(opened.Rows, Transformer.Limits.LogitRows)));
        }
        finally
        {
            CloseSession(keep: false);
        }
    }

    public void Dispose()
    {
        session?.Dispose();
        Transformer.Dispose();
        if (ownsDevice)
            Device.Dispose();
    }

    /// <summary>What requests of these shapes ask of a session.</summary>
    internal SessionNeed Need(IEnumerable<RequestShape> shapes, RequestCheck needs) =>
        SessionNeed.Of(shapes, needs, Batch, Transformer.Limits.Rows, CudaGenerationRun.MostPerSegment);

    /// <summary>Memory for requests: that of the last ones where it serves.</summary>
    internal DeviceSession OpenSession(SessionNeed need)
    {
        if (session is not null && session.Serves(need))
        {
            session.EndAnswersAt(need.MaxTokens);
            return session;
        }
        CloseSession(keep: false);
        return session = new DeviceSession(Device, Checkpoint.Config, Precision, need, FreeForSessions());
    }

    /// <param name="keep">Whether every page has been returned, so that the next requests may use the memory.</param>
    internal void CloseSession(bool keep)
    {
        if (keep)
            return;
        session?.Dispose();
        session = null;
    }

    /// <summary>Bytes that a session may take once the last one is gone.</summary>
    long FreeForSessions() => Math.Min(budget, Device.FreeBytes + (session?.Bytes ?? 0));

    /// <summary>Rows whose logits the host takes at once: on a large device a pass has more of them than a span has bytes.</summary>
    internal static int PieceRows(int vocabulary) => Math.Max(1, LogitBytes / sizeof(float) / vocabulary);

    void EvaluatePieces(
        ReadOnlySpan<int> tokens, SequencePages sequence, DeviceSession opened, AttentionItems items, LogitsVisitor visit, int piece)
    {
        int vocabulary = Checkpoint.Config.Vocabulary;
        var rows = new PrefillRows(piece);
        var logits = new float[piece * vocabulary];
        Span<int> errors = stackalloc int[1];
        Device.Fill(Transformer.Errors, 0, sizeof(int));
        for (int first = 0; first < tokens.Length; first += piece)
        {
            int count = Math.Min(piece, tokens.Length - first);
            rows.Clear();
            rows.Add(tokens.Slice(first, count), first, sequence, tableRow: 0);
            items.Clear();
            rows.ListChunks(items);
            items.Upload();
            rows.Upload(Device, Transformer.Rows);
            Transformer.Forward(opened.Pass(count, items));
            Device.CopyToHost(MemoryMarshal.AsBytes(logits.AsSpan(0, count * vocabulary)), Transformer.Logits);
            Device.CopyToHost(MemoryMarshal.AsBytes(errors), Transformer.Errors);
            CudaTransformer.RequireFinite(errors[0]);
            for (int i = 0; i < count; i++)
                visit(first + i, logits.AsSpan(i * vocabulary, vocabulary));
        }
    }
}
