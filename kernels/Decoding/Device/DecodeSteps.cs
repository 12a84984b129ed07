using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding.Device;

/// <summary>
/// Steps of decoding that never leave the device: each passes every sample's last token through the model and draws the next. A step is one
/// recorded graph, or its kernels launched one by one, which gives the same bytes.
/// </summary>
sealed class DecodeSteps
{
    /// <summary>Fewer samples than this read their prompt each on its own, where that saves two launches a layer.</summary>
    const int ManySharers = 8;

    readonly IKernelDevice device;
    readonly CudaTransformer transformer;
    readonly DeviceSession session;
    readonly DeviceSampling sampling;
    readonly AttentionItems items;
    readonly DevicePointer rowSlots;
    readonly bool useGraphs;

    /// <param name="device">Where the steps run.</param>
    /// <param name="transformer">The model.</param>
    /// <param name="session">The samples' memory.</param>
    /// <param name="sampling">Draws the tokens.</param>
    /// <param name="items">Scratch: the chunks that samples read together.</param>
    /// <param name="rowSlots">Scratch, int32 [batch]: the slot of each row.</param>
    /// <param name="useGraphs">Whether a step is recorded.</param>
    public DecodeSteps(
        IKernelDevice device,
        CudaTransformer transformer,
        DeviceSession session,
        DeviceSampling sampling,
        AttentionItems items,
        DevicePointer rowSlots,
        bool useGraphs)
    {
        this.device = device;
        this.transformer = transformer;
        this.session = session;
        this.sampling = sampling;
        this.items = items;
        this.rowSlots = rowSlots;
        this.useGraphs = useGraphs;
    }

    /// <summary>Rows of a step of so many samples: a power of two, so that few graphs are recorded.</summary>
    int Rows(int samples) => (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)samples), (uint)session.Slots);

    /// <summary>Tells the device which samples the rows of the next steps are, and which of them share chunks.</summary>
    public void Describe(List<DeviceSlot> active)
    {
        int rows = Rows(active.Count);
        var slots = new int[rows];
        var firstOwn = new int[rows];
        items.Clear();
        for (int row = 0; row < rows; row++)
            slots[row] = row < active.Count ? active[row].Index : -1;
        int leastSharers = transformer.AttendsInOneStep(rows, session.MaxPages) ? ManySharers : 2;
        for (int first = 0, end = 0; first < active.Count; first = end)
        {
            PromptState prompt = active[first].Prompt!;
            for (end = first; end < active.Count && active[end].Prompt == prompt;)
                end++;
            if (end - first < leastSharers)
                continue;
            Array.Fill(firstOwn, prompt.FullPages, first, end - first);
            for (int chunk = 0; chunk < prompt.FullPages; chunk++)
                items.Add(prompt.Sequence.Pages[chunk], chunk, first, end - first);
        }
        device.CopyToDevice(rowSlots, MemoryMarshal.AsBytes<int>(slots));
        device.CopyToDevice(transformer.Rows.FirstOwnChunk, MemoryMarshal.AsBytes<int>(firstOwn));
        items.Upload();
    }

    /// <summary>Starts so many steps of the samples that were described last.</summary>
    public void Start(int samples, int steps)
    {
        int rows = Rows(samples);
        if (!useGraphs)
        {
            for (int step = 0; step < steps; step++)
                Step(rows);
            return;
        }
        IKernelGraph graph = Graph(rows);
        for (int step = 0; step < steps; step++)
            graph.Launch();
    }

    IKernelGraph Graph(int rows)
    {
        var recording = new StepRecording(sampling.Parameters(rowSlots, default, 0), rowSlots, items.CountPointer, transformer.Angles);
        return session.Graphs.Get(recording, rows, items.Launched, () => device.Capture(() => Step(rows)));
    }

    void Step(int rows)
    {
        DecodingCuda.Begin(device, new DecodeBeginParameters
        {
            RowSlots = rowSlots,
            SlotToken = session.State.Token,
            SlotPosition = session.State.Position,
            SlotDone = session.State.Done,
            Tokens = transformer.Rows.Tokens,
            Positions = transformer.Rows.Positions,
            Sequences = transformer.Rows.Sequences,
            Rows = rows,
        });
        transformer.Forward(session.Pass(rows, items) with { Own = true });
        sampling.Draw(rowSlots, default, rows);
    }
}
