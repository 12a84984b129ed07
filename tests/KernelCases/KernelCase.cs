using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace KernelCases;

/// <summary>
/// One kernel over one shape. <see cref="Run"/> sets it up on a device, runs it and its CPU form, and throws
/// <see cref="KernelMismatchException"/> where a bit differs. The tests run the cases on an interpreter of the PTX, the GPU bundle on a
/// GPU.
/// </summary>
/// <param name="Kernel">Module.entry.</param>
/// <param name="Shape">What of it: "3 rows, 65 inputs".</param>
public sealed record KernelCase(string Kernel, string Shape, Action<IKernelDevice> Run)
{
    public override string ToString() => $"{Kernel}: {Shape}";
}

/// <summary>A kernel's output differs from its CPU form's.</summary>
public sealed class KernelMismatchException(string message) : Exception(message);

/// <summary>Arrays on a device, for one case; freed together.</summary>
public sealed class DeviceArrays(IKernelDevice device) : IDisposable
{
    internal const byte Poison = 0xA5;
    readonly List<DeviceBuffer> buffers = [];

    public IKernelDevice Device => device;

    public DevicePointer Upload<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        DevicePointer start = Allocate(Math.Max(1, values.Length * Marshal.SizeOf<T>()));
        device.CopyToDevice(start, MemoryMarshal.AsBytes(values));
        return start;
    }

    public DevicePointer Upload<T>(T[] values) where T : unmanaged => Upload<T>(values.AsSpan());

    /// <summary>Memory of which only the bytes where both arrays agree are written.</summary>
    public DevicePointer UploadWhereEqual(ReadOnlySpan<byte> values, ReadOnlySpan<byte> others)
    {
        DevicePointer start = Allocate(values.Length);
        for (int first = 0, end; first < values.Length; first = end)
        {
            for (end = first + 1; end < values.Length && (values[end] == others[end]) == (values[first] == others[first]);)
                end++;
            if (values[first] == others[first])
                device.CopyToDevice(start + first, values[first..end]);
        }
        return start;
    }

    /// <summary>Memory for outputs, filled with a pattern so that what a kernel leaves out shows.</summary>
    public DevicePointer Output<T>(int count) where T : unmanaged
    {
        int bytes = Math.Max(1, count * Marshal.SizeOf<T>());
        DevicePointer start = Allocate(bytes);
        device.Fill(start, Poison, bytes);
        return start;
    }

    public T[] Download<T>(DevicePointer from, int count) where T : unmanaged
    {
        var values = new T[count];
        device.CopyToHost(MemoryMarshal.AsBytes(values.AsSpan()), from);
        return values;
    }

    /// <summary>Throws unless the device's values are, bit for bit, the expected.</summary>
    public void MustEqual<T>(DevicePointer actual, ReadOnlySpan<T> expected, string what) where T : unmanaged
    {
        T[] values = Download<T>(actual, expected.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (!MemoryMarshal.AsBytes(values.AsSpan(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(expected.Slice(i, 1))))
                throw new KernelMismatchException($"{what}[{i}] of {values.Length} is {values[i]}, and on the CPU {expected[i]}");
        }
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in buffers)
            buffer.Dispose();
    }

    DevicePointer Allocate(int bytes)
    {
        DeviceBuffer buffer = device.Allocate(bytes, "a kernel's case");
        buffers.Add(buffer);
        return buffer.Start;
    }
}
