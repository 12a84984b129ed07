using Harness.Kernels.Driver;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Passes entering prompts through the model, packed together, and draws the first tokens of their samples.</summary>
/// <param name="device">Where it works.</param>
/// <param name="transformer">The model.</param>
/// <param name="session">The samples' memory.</param>
/// <param name="sampling">Draws the tokens.</param>
/// <param name="scratch">Lists of rows, chunks and draws.</param>
sealed class PromptPasses(
    IKernelDevice device, CudaTransformer transformer, DeviceSession session, DeviceSampling sampling, DecodingScratch scratch)
{
    readonly PrefillRows rows = scratch.PrefillRows;
    readonly DrawList draws = scratch.Draws;

    /// <summary>Passes the prompts that are new through the model and draws each sample's first token.</summary>
    public void Enter(List<DeviceSlot> entering, CancellationToken cancellation)
    {
        AssignPages(entering);
        rows.Clear();
        int drawn = 0;
        for (int i = 0; i < entering.Count; i++)
        {
            PromptState prompt = entering[i].Prompt!;
            while (prompt.Filled < prompt.Length)
            {
                if (rows.Count == session.Rows || rows.Ends == session.Slots)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Pass();
                    DrawFirst(entering, ref drawn, i);
                }
                prompt.Filled += rows.Add(prompt, Math.Min(session.Rows - rows.Count, prompt.Length - prompt.Filled));
            }
        }
        Pass();
        DrawFirst(entering, ref drawn, entering.Count);
    }

    /// <summary>A prompt of which samples still wait keeps its logits behind those of the next passes.</summary>
    public void KeepLogits(PromptState prompt)
    {
        if (prompt.LogitRow == transformer.KeptLogits)
            return;
        long bytes = sizeof(float) * (long)transformer.Config.Vocabulary;
        device.CopyOnDevice(transformer.Logits + (transformer.KeptLogits * bytes), transformer.Logits + (prompt.LogitRow * bytes), bytes);
        prompt.LogitRow = transformer.KeptLogits;
    }

    /// <summary>Gives prompts and samples all pages that they may come to need: between two steps the host is not asked for more.</summary>
    void AssignPages(List<DeviceSlot> entering)
    {
        int prompts = 0;
        foreach (DeviceSlot slot in entering)
        {
            PromptState prompt = slot.Prompt!;
            if (prompt.Sequence.Count == 0)
            {
                while (prompt.Sequence.Count < RequestCheck.PromptPages(prompt.Length))
                    session.Pages.Extend(prompt.Sequence);
                prompt.TableRow = session.Slots + prompts++;
                session.SetPages(prompt.TableRow, prompt.Sequence);
            }
            session.Pages.Share(prompt.Sequence, prompt.FullPages, slot.Sequence);
            while (slot.Sequence.Count < slot.MostPages)
                session.Pages.Extend(slot.Sequence);
            session.SetPages(slot.Index, slot.Sequence);
        }
        int lowest = entering.Min(slot => slot.Index), highest = entering.Max(slot => slot.Index);
        session.UploadTable(lowest, highest - lowest + 1);
        if (prompts > 0)
            session.UploadTable(session.Slots, prompts);
    }

    void Pass()
    {
        if (rows.Count == 0)
            return;
        AttentionItems items = scratch.PrefillItems;
        items.Clear();
        rows.ListChunks(items);
        items.Upload();
        rows.Upload(device, transformer.Rows);
        transformer.Forward(session.Pass(rows.Count, items) with { LogitRows = rows.Ends, LogitRowOf = transformer.Rows.LogitRowOf });
        rows.Clear();
    }

    /// <summary>First tokens of the entering samples [<paramref name="drawn"/>, end) whose prompts have passed.</summary>
    void DrawFirst(List<DeviceSlot> entering, ref int drawn, int end)
    {
        draws.Clear();
        for (; drawn < end; drawn++)
            draws.Add(entering[drawn]);
        if (draws.Count == 0)
            return;
        draws.Upload(session);
        sampling.Draw(draws.Slots, draws.LogitRows, draws.Count);
    }
}
