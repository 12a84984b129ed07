using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Decoding;

/// <summary>Steps that are started together, and what the samples draw in them. Begun again once that has been taken.</summary>
/// <param name="read">Becomes the segment's.</param>
sealed class Segment(IHostRead read) : IDisposable
{
    readonly List<(DeviceSlot Slot, int Tenant)> slots = [];
    CollectedTokens collected;

    /// <summary>The samples that it draws for: slots and their tenants.</summary>
    public ReadOnlySpan<(DeviceSlot Slot, int Tenant)> Slots => CollectionsMarshal.AsSpan(slots);

    /// <summary>Has what samples draw in so many steps, and before them, gathered and copied behind the work started so far.</summary>
    public void Begin(IKernelDevice device, DeviceSession session, DevicePointer errors, ReadOnlySpan<DeviceSlot> active, int steps)
    {
        slots.Clear();
        foreach (DeviceSlot slot in active)
        {
            slot.Scheduled += steps;
            slot.Announced = true;
            slots.Add((slot, slot.Tenant));
        }
        collected = new CollectedTokens(session.Slots, steps + 1);
        SlotsCuda.Collect(device, collected.Parameters(session.State, errors, session.Staging));
        read.Begin(session.Staging, collected.Bytes);
    }

    /// <summary>Waits for the copy; what it brought is valid until the next <see cref="Begin"/>.</summary>
    public DrawnTokens Wait() => collected.Read(read.Wait());

    public void Dispose() => read.Dispose();
}
