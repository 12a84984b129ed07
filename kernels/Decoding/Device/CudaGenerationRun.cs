using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding.Device;

/// <summary>
/// One call of <see cref="CudaGenerator.Generate"/>. Steps are started several at a time (a segment); what was drawn is read while the next
/// segment runs, and finished samples make room for the next between segments.
/// </summary>
sealed class CudaGenerationRun
{
    /// <summary>Steps between two looks at what was drawn: few where a step is long, so that finished samples make room soon.</summary>
    const int FewSteps = 4, ManySteps = 16, ManyRows = 256;

    /// <summary>Tokens of one sample that the host is given at once, at most.</summary>
    public const int MostPerSegment = ManySteps + 1;

    readonly IKernelDevice device;
    readonly DevicePointer errors;
    readonly DeviceSession session;
    readonly Admission<DeviceSlot> admission;
    readonly Action<Generation> finished;
    readonly int maxTokens;
    readonly PromptPasses prompts;
    readonly DecodeSteps steps;
    bool samplesChanged;

    /// <param name="model">What draws.</param>
    /// <param name="scratch">The generator's lists.</param>
    /// <param name="session">Memory for the samples.</param>
    /// <param name="admission">The samples that are wanted.</param>
    /// <param name="settings">How tokens are drawn.</param>
    /// <param name="useGraphs">Whether a step is one recorded graph.</param>
    /// <param name="finished">Is given each sample as it ends.</param>
    public CudaGenerationRun(
        CudaLanguageModel model,
        DecodingScratch scratch,
        DeviceSession session,
        Admission<DeviceSlot> admission,
        DecodingSettings settings,
        bool useGraphs,
        Action<Generation> finished)
    {
        device = model.Device;
        errors = model.Transformer.Errors;
        this.session = session;
        this.admission = admission;
        this.finished = finished;
        maxTokens = settings.MaxTokens;
        var sampling = new DeviceSampling(device, model.Transformer, session, settings);
        prompts = new PromptPasses(device, model.Transformer, session, sampling, scratch);
        steps = new DecodeSteps(device, model.Transformer, session, sampling, scratch.DecodeItems, scratch.RowSlots, useGraphs);
    }

    public void Execute(CancellationToken cancellation)
    {
        device.Fill(errors, 0, sizeof(int));
        Segment? outstanding = null;
        while (admission.HasWork || outstanding is not null)
        {
            cancellation.ThrowIfCancellationRequested();
            admission.Admit();
            if (admission.Entering.Count > 0)
                Enter(cancellation);
            Segment? next = StartSegment();
            if (outstanding is not null)
                Receive(outstanding);
            else if (next is null)
                throw Stuck();
            outstanding = next;
        }
    }

    /// <summary>Nothing is drawn, nothing is outstanding, and samples have not ended: no turn of the loop would change that.</summary>
    HarnessException Stuck() => KernelCodes.KernelFault.With(CudaErrors.WithCure(KernelCodes.KernelFault, admission.Active.Count == 0
        ? "no sample can start, and none is in flight"
        : $"{admission.Active.Count} samples in flight got fewer tokens from {device.Facts.Name} than it was told to draw"));

    void Enter(CancellationToken cancellation)
    {
        prompts.Enter(admission.Entering, cancellation);
        if (admission.PartlyStarted is { } prompt)
            prompts.KeepLogits(prompt);
        admission.Active.AddRange(admission.Entering);
        admission.Entering.Clear();
        samplesChanged = true;
    }

    Segment? StartSegment()
    {
        List<DeviceSlot> active = admission.Active;
        if (active.Count == 0)
            return null;
        int scheduled = int.MaxValue;
        bool unread = false;
        foreach (DeviceSlot slot in active)
        {
            scheduled = Math.Min(scheduled, slot.Scheduled);
            unread |= slot.Scheduled == 0 && !slot.Announced;
        }
        int count = Math.Min(maxTokens - 1 - scheduled, active.Count >= ManyRows ? FewSteps : ManySteps);
        if (count <= 0 && !unread)
            return null;
        count = Math.Max(count, 0);
        if (count > 0)
        {
            if (samplesChanged)
                steps.Describe(active);
            samplesChanged = false;
            steps.Start(active.Count, count);
        }
        Segment segment = session.NextSegment();
        segment.Begin(CollectionsMarshal.AsSpan(active), count, errors);
        return segment;
    }

    /// <summary>Takes what a segment drew; finished samples leave.</summary>
    void Receive(Segment segment)
    {
        DrawnTokens drawn = segment.Wait();
        CudaTransformer.RequireFinite(drawn.Errors);
        bool any = false;
        foreach ((int index, int tenant) in segment.Samples)
        {
            DeviceSlot slot = session.InFlight[index];
            if (slot.Tenant != tenant || slot.Append(drawn.Tokens(index), drawn.LogProbabilities(index)) is not { } generation)
                continue;
            admission.Release(slot);
            any = true;
            finished(generation);
        }
        if (!any)
            return;
        admission.Active.RemoveAll(slot => slot.Prompt is null);
        samplesChanged = true;
    }
}
