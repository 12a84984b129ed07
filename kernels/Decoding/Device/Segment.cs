using Harness.Kernels.Driver;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Steps that are started together, and what the samples draw in them. Begun again once that has been taken.</summary>
/// <param name="device">Where the samples are drawn.</param>
/// <param name="session">The samples' memory.</param>
/// <param name="read">Becomes the segment's.</param>
sealed class Segment(IKernelDevice device, DeviceSession session, IHostRead read) : IDisposable
{
    readonly (int Slot, int Tenant)[] samples = new (int, int)[session.Slots];
    int count;
    CollectedTokens collected;

    /// <summary>The samples that it draws for: indices of slots, and their tenants.</summary>
    public ReadOnlySpan<(int Slot, int Tenant)> Samples => samples.AsSpan(0, count);

    /// <summary>Has what samples draw in so many steps, and before them, gathered and copied behind the work started so far.</summary>
    public void Begin(ReadOnlySpan<DeviceSlot> active, int steps, DevicePointer errors)
    {
        count = active.Length;
        for (int i = 0; i < active.Length; i++)
        {
            DeviceSlot slot = active[i];
            slot.Scheduled += steps;
            slot.Announced = true;
            samples[i] = (slot.Index, slot.Tenant);
        }
        collected = new CollectedTokens(session.Slots, steps + 1);
        SlotsCuda.Collect(device, collected.Parameters(session.State, errors, session.Staging));
        read.Begin(session.Staging, collected.Bytes);
    }

    /// <summary>Waits for the copy; what it brought is valid until the next <see cref="Begin"/>.</summary>
    public DrawnTokens Wait() => collected.Read(read.Wait());

    public void Dispose() => read.Dispose();
}
