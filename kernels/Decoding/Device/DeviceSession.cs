using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding.Device;

/// <summary>
/// What a batch of requests takes on a device beside the model: keys and values, page tables, partial attention, drawn tokens.
/// </summary>
sealed class DeviceSession : IDisposable
{
    readonly IKernelDevice device;
    readonly ModelConfig config;
    readonly Precision precision;
    readonly List<DeviceBuffer> buffers = [];
    readonly Segment?[] segments = new Segment?[2];
    DeviceSlot[]? inFlight;
    int[] stopTokens = [];
    DeviceBuffer? placedStopTokens;
    int turn;

    /// <param name="device">Where it lies.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="precision">How keys and values are stored.</param>
    /// <param name="need">What is asked for.</param>
    /// <param name="budget">Bytes that may be used.</param>
    /// <exception cref="HarnessException">The budget does not hold one sample.</exception>
    public DeviceSession(IKernelDevice device, ModelConfig config, Precision precision, SessionNeed need, long budget)
    {
        this.device = device;
        this.config = config;
        this.precision = precision;
        Need = need;
        SessionPlan plan = SessionPlan.For(config, precision, need, budget);
        if (plan.Refusal(need, budget) is { } refusal)
            throw refusal;
        (Rows, Slots, MaxPages, PageBytes) = (plan.Rows, plan.Slots, plan.MaxPages, plan.PageBytes);
        try
        {
            Pages = new PagePool(plan.Pages);
            Cache = Allocate(plan.Pages * PageBytes, "keys and values");
            Partials = Allocate((long)SessionPlan.Scratch(config, Rows, MaxPages), "partial attention");
            Table = new int[2 * Slots * MaxPages];
            TablePointer = Allocate(sizeof(int) * (long)Table.Length, "page tables");
            State = CreateState(need.MaxTokens);
            SamplingParts = Allocate(SamplingCuda.PartsBytes, "draws in parts");
            Staging = Allocate(StagingBytes, "drawn tokens");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SessionNeed Need { get; }

    /// <summary>Most rows of one pass.</summary>
    public int Rows { get; }

    /// <summary>Most samples in flight.</summary>
    public int Slots { get; }

    /// <summary>Pages of the longest sequence: the stride of the tables.</summary>
    public int MaxPages { get; }

    public long PageBytes { get; }

    /// <summary>Bytes of device memory that it holds.</summary>
    public long Bytes => buffers.Sum(buffer => buffer.Bytes) + (placedStopTokens?.Bytes ?? 0);

    public PagePool Pages { get; }

    public DevicePointer Cache { get; }

    public DevicePointer Partials { get; }

    /// <summary>The page tables: [slots] of the samples, then [slots] of the prompts that pass the model.</summary>
    public int[] Table { get; }

    public DevicePointer TablePointer { get; }

    public SlotState State { get; private set; }

    /// <summary>Scratch of few draws from a large vocabulary; its counters are zeros between kernels.</summary>
    public DevicePointer SamplingParts { get; }

    /// <summary>Recorded steps over this memory.</summary>
    public StepGraphs Graphs { get; } = new();

    /// <summary>Where what the host reads of a segment is gathered.</summary>
    public DevicePointer Staging { get; }

    /// <summary>
    /// [slots]: the host's side of the samples, kept from run to run: as young objects they would cost the garbage collector much.
    /// </summary>
    public DeviceSlot[] InFlight =>
        inFlight ??= [.. Enumerable.Range(0, Slots).Select(i => new DeviceSlot(i, Need.MaxTokens, Need.LongestSequence))];

    int StagingBytes => new CollectedTokens(Slots, Need.MostPerSegment).Bytes;

    /// <summary>Whether requests of that need fit what is there.</summary>
    public bool Serves(SessionNeed need) => need.LongestSequence <= MaxPages * PageSize.Tokens && need.MaxTokens <= Need.MaxTokens
        && need.Pages <= Need.Pages && need.LeastPages <= Pages.Capacity && need.Rows <= Need.Rows && need.Slots <= Need.Slots
        && need.MostPerSegment <= Need.MostPerSegment;

    /// <summary>
    /// Ends answers at so many tokens, fewer perhaps than there is room for: samples drawn on would write past their pages.
    /// </summary>
    public void EndAnswersAt(int maxTokens) => State = State with { MaxTokens = maxTokens };

    /// <summary>The tokens in the device's memory, where they stay until others are placed.</summary>
    public DevicePointer PlaceStopTokens(int[] tokens)
    {
        if (placedStopTokens is null || !stopTokens.AsSpan().SequenceEqual(tokens))
        {
            placedStopTokens?.Dispose();
            placedStopTokens = device.Allocate(sizeof(int) * (long)tokens.Length, "end tokens");
            device.CopyToDevice(placedStopTokens.Start, MemoryMarshal.AsBytes<int>(tokens));
            stopTokens = tokens;
        }
        return placedStopTokens.Start;
    }

    /// <summary>A pass of so many rows over the chunks that are listed, logits of each row.</summary>
    public DevicePass Pass(int rows, AttentionItems items) => new()
    {
        Rows = rows,
        Cache = Cache,
        Table = TablePointer,
        MaxPages = MaxPages,
        Partials = Partials,
        ItemCount = items.CountPointer,
        Items = items.Items,
        ItemCapacity = items.Launched,
        LogitRows = rows,
    };

    /// <summary>How the listed <see cref="PageCopy"/> are copied among its pages.</summary>
    public CopyPagesParameters Copy(DevicePointer copies) => new()
    {
        Cache = Cache,
        Copies = copies,
        Heads = config.Layers * config.KvHeads,
        RowBytes = DeviceLayout.RowBytes(config, precision),
        ScaleBytes = DeviceLayout.ScaleBytes(precision),
    };

    /// <summary>Writes a sequence's pages into its row of the table on the host.</summary>
    public void SetPages(int row, SequencePages sequence) =>
        sequence.Pages.AsSpan(0, sequence.Count).CopyTo(Table.AsSpan(row * MaxPages, MaxPages));

    /// <summary>Copies rows of the table to the device.</summary>
    public void UploadTable(int firstRow, int rows) =>
        device.CopyToDevice(
            TablePointer + (sizeof(int) * (long)firstRow * MaxPages),
            MemoryMarshal.AsBytes(Table.AsSpan(firstRow * MaxPages, rows * MaxPages)));

    /// <summary>One of two in turn, so that one is read while the other runs.</summary>
    public Segment NextSegment()
    {
        turn = (turn + 1) % segments.Length;
        return segments[turn] ??= new Segment(device, this, device.CreateHostRead(StagingBytes));
    }

    public void Dispose()
    {
        Graphs.Dispose();
        placedStopTokens?.Dispose();
        foreach (Segment? segment in segments)
            segment?.Dispose();
        Array.Clear(segments);
        foreach (DeviceBuffer buffer in buffers)
            buffer.Dispose();
        buffers.Clear();
    }

    SlotState CreateState(int maxTokens)
    {
        DevicePointer Array(int size) => Allocate((long)size * Slots, "samples in flight");
        return new SlotState
        {
            Token = Array(sizeof(int)),
            Position = Array(sizeof(int)),
            Count = Array(sizeof(int)),
            Done = Array(sizeof(int)),
            Problem = Array(sizeof(int)),
            Sample = Array(sizeof(int)),
            Read = Array(sizeof(int)),
            OutTokens = Array(sizeof(int) * maxTokens),
            OutDifference = Array(sizeof(float) * maxTokens),
            OutTotal = Array(sizeof(ulong) * maxTokens),
            MaxTokens = maxTokens,
            Slots = Slots,
        };
    }

    DevicePointer Allocate(long bytes, string purpose)
    {
        DeviceBuffer buffer = device.Allocate(Math.Max(bytes, DeviceLayout.Alignment), purpose);
        buffers.Add(buffer);
        // Scales are copied in fours, and drawn tokens by whole rows: some of these places hold nothing yet.
        device.Fill(buffer.Start, 0, buffer.Bytes);
        return buffer.Start;
    }
}
