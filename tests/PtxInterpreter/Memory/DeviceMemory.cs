using System.Runtime.InteropServices;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace PtxInterpreter.Memory;

/// <summary>Device memory: every allocation an island, its address never used again.</summary>
sealed unsafe class DeviceMemory(long totalBytes) : IDisposable
{
    const long Alignment = 256;
    const long Gap = 1 << 16;
    readonly List<Allocation> allocations = [];
    ulong next = Windows.Global;

    public long UsedBytes { get; private set; }

    public long FreeBytes => totalBytes - UsedBytes;

    public Allocation Allocate(long bytes, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        long rounded = (bytes + Alignment - 1) / Alignment * Alignment;
        if (rounded > FreeBytes)
            throw KernelCodes.DeviceMemory.With(
                $"{purpose}: {bytes:N0} bytes of device memory were asked for, and {FreeBytes:N0} of {totalBytes:N0} are free");
        var allocation = new Allocation(next, bytes, purpose);
        next += (ulong)((rounded + Gap - 1) / Gap * Gap + Gap);
        allocations.Add(allocation);
        UsedBytes += rounded;
        return allocation;
    }

    public void Free(Allocation allocation)
    {
        if (allocation.Freed)
            return;
        UsedBytes -= (allocation.Bytes + Alignment - 1) / Alignment * Alignment;
        allocation.Dispose();
    }

    /// <summary>The allocation whose address is the last at or before <paramref name="address"/>, or null.</summary>
    public Allocation? At(ulong address)
    {
        int low = 0, high = allocations.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (allocations[middle].Start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? null : allocations[low - 1];
    }

    /// <summary>What lies around an address that no allocation holds.</summary>
    public string Describe(ulong address, int bytes)
    {
        if (At(address) is not { } near)
            return "no allocation lies before it";
        string name = $"the allocation 0x{near.Start:x} of {near.Bytes:N0} bytes ({near.Purpose})";
        if (near.Freed && address - near.Start < (ulong)near.Bytes)
            return $"it lies in {name}, which was freed";
        return $"it ends {(long)(address - near.Start) + bytes - near.Bytes:N0} bytes behind {name}";
    }

    public void ForgetAccesses()
    {
        foreach (Allocation allocation in allocations)
            allocation.ForgetAccesses();
    }

    public void Write(DevicePointer to, ReadOnlySpan<byte> from)
    {
        Allocation allocation = Find(to, from.Length, "copy to the device");
        long offset = (long)(to.Address - allocation.Start);
        from.CopyTo(new Span<byte>(allocation.Data + offset, from.Length));
        new Span<byte>(allocation.Written + offset, from.Length).Fill(255);
    }

    public void Read(Span<byte> to, DevicePointer from, bool mustBeWritten)
    {
        Allocation allocation = Find(from, to.Length, "copy to the host");
        long offset = (long)(from.Address - allocation.Start);
        int unwritten = new ReadOnlySpan<byte>(allocation.Written + offset, to.Length).IndexOf((byte)0);
        if (mustBeWritten && unwritten >= 0)
        {
            string place = $"byte {unwritten:N0} of {to.Length:N0} was never written ({allocation.Purpose})";
            throw new KernelFaultException(FaultKind.Uninitialised, $"copy to the host from 0x{from.Address:x}: {place}");
        }
        new ReadOnlySpan<byte>(allocation.Data + offset, to.Length).CopyTo(to);
    }

    public void Copy(DevicePointer to, DevicePointer from, long bytes)
    {
        Allocation target = Find(to, bytes, "copy on the device"), source = Find(from, bytes, "copy on the device");
        long targetOffset = (long)(to.Address - target.Start), sourceOffset = (long)(from.Address - source.Start);
        NativeMemory.Copy(source.Data + sourceOffset, target.Data + targetOffset, (nuint)bytes);
        NativeMemory.Copy(source.Written + sourceOffset, target.Written + targetOffset, (nuint)bytes);
    }

    public void Fill(DevicePointer to, byte value, long bytes)
    {
        Allocation allocation = Find(to, bytes, "fill");
        long offset = (long)(to.Address - allocation.Start);
        NativeMemory.Fill(allocation.Data + offset, (nuint)bytes, value);
        NativeMemory.Fill(allocation.Written + offset, (nuint)bytes, 255);
    }

    public void Dispose()
    {
        foreach (Allocation allocation in allocations)
            allocation.Dispose();
    }

    Allocation Find(DevicePointer start, long bytes, string what)
    {
        if (At(start.Address) is { Freed: false } found && found.Contains(start.Address, bytes))
            return found;
        string around = Describe(start.Address, (int)Math.Min(bytes, int.MaxValue));
        throw new KernelFaultException(FaultKind.OutOfBounds, $"{what}: {bytes:N0} bytes at 0x{start.Address:x}: {around}");
    }
}
