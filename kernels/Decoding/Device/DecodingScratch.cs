using Harness.Kernels.Driver;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Lists that a generator fills again and again, on the host and on the device.</summary>
sealed class DecodingScratch : IDisposable
{
    readonly DeviceBuffer rowSlots;

    public DecodingScratch(CudaLanguageModel model)
    {
        PrefillItems = new AttentionItems(model.Device, model.Checkpoint.Config, 64);
        DecodeItems = new AttentionItems(model.Device, model.Checkpoint.Config, 64);
        PrefillRows = new PrefillRows(model.Transformer.Limits.Rows);
        Draws = new DrawList(model.Device, model.Batch);
        rowSlots = model.Device.Allocate(sizeof(int) * (long)model.Batch, "rows of a step");
    }

    /// <summary>Chunks that rows of one prompt read together.</summary>
    public AttentionItems PrefillItems { get; }

    /// <summary>Chunks that samples of one prompt read together.</summary>
    public AttentionItems DecodeItems { get; }

    public PrefillRows PrefillRows { get; }

    public DrawList Draws { get; }

    /// <summary>int32 [batch]: the slot of each row of a step.</summary>
    public DevicePointer RowSlots => rowSlots.Start;

    public void Dispose()
    {
        PrefillItems.Dispose();
        DecodeItems.Dispose();
        Draws.Dispose();
        rowSlots.Dispose();
    }
}
