using System.Runtime.InteropServices;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;

namespace Harness.Benchmarks.Decoding;

/// <summary>
/// A device on which nothing takes time, so that what is left is the host's: its memory is the host's, no kernel runs, each sample draws
/// one token a step. What is drawn is one of <see cref="Tokens"/>, at random.
/// </summary>
sealed unsafe class IdleDevice : IKernelDevice
{
    /// <summary>Readings that take turns, so that a slot's tokens differ from one to the next.</summary>
    const int Readings = 16;

    readonly List<nint> allocations = [];
    (int Step, int Read)[] slots = [];
    CollectSlotsParameters collected;
    List<Action>? recording;
    byte[][] readings = [];
    int step;
    int turn;

    /// <summary>Bits of 128 floats, so that they serve as log-probabilities too.</summary>
    public static IReadOnlyList<int> Tokens { get; } = [.. Enumerable.Range(1, 128).Select(i => BitConverter.SingleToInt32Bits(-i / 32f))];

    public DeviceFacts Facts { get; } = new("idle", 90, 132, 80L << 30, 227 << 10, 0);

    public long FreeBytes => Facts.TotalBytes;

    public void Prepare(IEnumerable<string> names)
    {
    }

    public DeviceBuffer Allocate(long bytes, string purpose)
    {
        nint start = (nint)NativeMemory.AllocZeroed((nuint)bytes);
        allocations.Add(start);
        return new DeviceBuffer(new DevicePointer((ulong)start), bytes, () => { });
    }

    public void Launch<T>(KernelName kernel, LaunchShape shape, in T parameters) where T : unmanaged
    {
        T copy = parameters;
        if (recording is null)
            Run(copy);
        else
            recording.Add(() => Run(copy));
    }

    public void CopyToDevice(DevicePointer to, ReadOnlySpan<byte> from) => from.CopyTo(new Span<byte>((void*)to.Address, from.Length));

    public void CopyToHost(Span<byte> to, DevicePointer from) => new ReadOnlySpan<byte>((void*)from.Address, to.Length).CopyTo(to);

    public void CopyOnDevice(DevicePointer to, DevicePointer from, long bytes)
    {
    }

    public void Fill(DevicePointer to, byte value, long bytes)
    {
    }

    public IKernelGraph Capture(Action work)
    {
        List<Action> steps = recording = [];
        work();
        recording = null;
        return new Graph(steps);
    }

    public IHostRead CreateHostRead(int bytes)
    {
        if (readings.Length == 0 || readings[0].Length < bytes)
        {
            var random = new Random(1);
            int[] tokens = [.. Tokens];
            readings = [.. Enumerable.Range(0, Readings).Select(_ => new byte[bytes])];
            foreach (byte[] reading in readings)
                random.GetItems(tokens, MemoryMarshal.Cast<byte, int>(reading.AsSpan()));
        }
        return new HostRead(this);
    }

    public IDeviceEvent RecordEvent() => throw new NotSupportedException();

    public double MillisecondsBetween(IDeviceEvent start, IDeviceEvent end) => throw new NotSupportedException();

    public void Synchronize()
    {
    }

    public void Dispose()
    {
        foreach (nint start in allocations)
            NativeMemory.Free((void*)start);
    }

    byte[] NextReading() => readings[turn++ % Readings];

    void Run<T>(T parameters)
    {
        switch (parameters)
        {
            case DecodeBeginParameters:
                step++;
                break;
            case StartSlotsParameters start:
                if (slots.Length < start.State.Slots)
                    slots = new (int, int)[start.State.Slots];
                foreach (StartEntry entry in new ReadOnlySpan<StartEntry>((void*)start.Entries.Address, start.Count))
                    slots[entry.Slot] = (step, 0);
                break;
            case CollectSlotsParameters collect:
                collected = collect;
                break;
        }
    }

    sealed class Graph(List<Action> steps) : IKernelGraph
    {
        readonly Action[] steps =
            [.. steps.Where(step => step.Target!.GetType().GenericTypeArguments is [var type] && type == typeof(DecodeBeginParameters))];

        public void Launch()
        {
            foreach (Action step in steps)
                step();
        }

        public void Dispose()
        {
        }
    }

    sealed class HostRead(IdleDevice device) : IHostRead
    {
        byte[] reading = [];
        int filled;

        public void Begin(DevicePointer from, int bytes)
        {
            reading = device.NextReading();
            filled = bytes;
            Span<int> words = MemoryMarshal.Cast<byte, int>(reading.AsSpan());
            words[0] = 0;
            CollectSlotsParameters collect = device.collected;
            Span<int> counts = words.Slice((int)(collect.Counts.Address - from.Address) / sizeof(int), collect.State.Slots);
            for (int slot = 0; slot < counts.Length; slot++)
            {
                (int start, int read) = device.slots[slot];
                int drawn = Math.Min(1 + device.step - start, collect.State.MaxTokens);
                counts[slot] = Math.Min(drawn - read, collect.Most);
                device.slots[slot].Read = read + counts[slot];
            }
        }

        public ReadOnlySpan<byte> Wait() => reading.AsSpan(0, filled);

        public void Dispose()
        {
        }
    }
}
