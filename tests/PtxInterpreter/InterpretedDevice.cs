using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
using PtxInterpreter.Decoding;
using PtxInterpreter.Execution;
using PtxInterpreter.Memory;
using PtxInterpreter.Parsing;

namespace PtxInterpreter;

/// <summary>
/// Runs kernels by interpreting their PTX, so that they are proven without a GPU. Every launch ends before its call returns. What a GPU
/// would leave undefined, and what it would not notice, is a <see cref="KernelFaultException"/>.
/// </summary>
public sealed class InterpretedDevice : IKernelDevice
{
    public const long DefaultBytes = 4L << 30;
    const int MostSharedBytes = 99 << 10;
    const int LaunchesUntilReuse = (1 << AccessEntry.LaunchBits) - 1;

    static readonly ConcurrentDictionary<(string Module, int ComputeCapability), string> Shipped = new();
    readonly Func<string, string> read;
    readonly InterpreterOptions options;
    readonly DeviceMemory memory;
    readonly Dictionary<string, LoadedModule> modules = new(StringComparer.Ordinal);
    readonly List<LaunchStatistics> launches = [];
    readonly HashSet<string> prepared = [];
    List<Action>? recording;
    ulong launchNumber;

    /// <summary>With the modules that ship.</summary>
    public InterpretedDevice(long totalBytes = DefaultBytes, InterpreterOptions? options = null)
        : this(module => ReadShipped(module, options?.ComputeCapability ?? 80), totalBytes, options)
    {
    }

    /// <param name="readModule">The PTX text of a module; a text that is the same object is parsed once for all devices.</param>
    public InterpretedDevice(Func<string, string> readModule, long totalBytes = DefaultBytes, InterpreterOptions? options = null)
    {
        read = readModule;
        this.options = options ?? new InterpreterOptions();
        memory = new DeviceMemory(totalBytes);
        Facts = new DeviceFacts(
            "PTX interpreter", this.options.ComputeCapability, this.options.Multiprocessors, totalBytes, MostSharedBytes, 0);
    }

    public DeviceFacts Facts { get; }

    public long FreeBytes => memory.FreeBytes;

    /// <summary>What each launch did, in order.</summary>
    public IReadOnlyList<LaunchStatistics> Launches => launches;

    /// <summary>The text of a module that ships, each time the same object.</summary>
    public static string ReadShipped(string module, int computeCapability = 80) => Shipped.GetOrAdd(
        (module, computeCapability),
        key => key.ComputeCapability >= 90 ? PtxLibrary.WithDependentLaunch(PtxLibrary.Read(key.Module)) : PtxLibrary.Read(key.Module));

    /// <summary>Modules that were to be made ready.</summary>
    public IReadOnlySet<string> Prepared => prepared;

    /// <summary>Graphs that were recorded.</summary>
    public int Captures { get; private set; }

    public void ForgetLaunches() => launches.Clear();

    /// <summary>Notes them: a module is read at its first launch.</summary>
    public void Prepare(IEnumerable<string> names)
    {
        MustNotRecord("preparation of modules");
        prepared.UnionWith(names);
    }

    public DeviceBuffer Allocate(long bytes, string purpose)
    {
        Allocation allocation = memory.Allocate(bytes, purpose);
        return new DeviceBuffer(new DevicePointer(allocation.Start), bytes, () => memory.Free(allocation));
    }

    /// <summary>Reads and decodes a module; an instruction that is not known is an error here.</summary>
    /// <exception cref="PtxFormatException">Something in the text is not known.</exception>
    public void Load(string module) => Module(module);

    public void Launch<T>(KernelName kernel, LaunchShape shape, in T parameters) where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in parameters, 1)).ToArray();
        DecodedKernel decoded = Check(kernel, shape, bytes.Length);
        Do(() => Run(kernel, shape, decoded, bytes));
    }

    public void CopyToDevice(DevicePointer to, ReadOnlySpan<byte> from)
    {
        MustNotRecord("copy from the host");
        memory.Write(to, from);
    }

    public void CopyToHost(Span<byte> to, DevicePointer from)
    {
        MustNotRecord("copy to the host");
        memory.Read(to, from, options.FindUninitialised);
    }

    public void CopyOnDevice(DevicePointer to, DevicePointer from, long bytes) => Do(() => memory.Copy(to, from, bytes));

    public void Fill(DevicePointer to, byte value, long bytes) => Do(() => memory.Fill(to, value, bytes));

    public IKernelGraph Capture(Action work)
    {
        MustNotRecord("capture");
        List<Action> steps = recording = [];
        try
        {
            work();
        }
        finally
        {
            recording = null;
        }
        Captures++;
        return new Graph(this, steps);
    }

    public IHostRead CreateHostRead(int bytes) => new HostRead(this, bytes);

    public IDeviceEvent RecordEvent() => new Event(TimeProvider.System.GetTimestamp());

    public double MillisecondsBetween(IDeviceEvent start, IDeviceEvent end) =>
        TimeProvider.System.GetElapsedTime(((Event)start).TimeStamp, ((Event)end).TimeStamp).TotalMilliseconds;

    public void Synchronize() => MustNotRecord("synchronisation");

    public void Dispose() => memory.Dispose();

    void Do(Action step)
    {
        if (recording is not null)
            recording.Add(step);
        else
            step();
    }

    void MustNotRecord(string what)
    {
        if (recording is not null)
            throw new KernelFaultException(FaultKind.Launch, $"{what} while work is being captured");
    }

    void Run(KernelName kernel, LaunchShape shape, DecodedKernel decoded, byte[] parameters)
    {
        if (++launchNumber > LaunchesUntilReuse)
        {
            launchNumber = 1;
            memory.ForgetAccesses();
        }
        launches.Add(new LaunchWork(kernel, shape, decoded, parameters, memory, options, launchNumber).Run());
    }

    DecodedKernel Check(KernelName kernel, LaunchShape shape, int parameterBytes)
    {
        if (!Module(kernel.Module).Kernels.TryGetValue(kernel.Entry, out DecodedKernel? decoded))
            throw Refusal(kernel, shape, "the module has no such entry");
        if (shape.GridX < 1 || shape.GridY < 1 || shape.GridZ < 1 || shape.GridY > 65535 || shape.GridZ > 65535)
            throw Refusal(kernel, shape, "the grid has no blocks, or too many");
        if ((long)shape.GridX * shape.GridY * shape.GridZ >= AccessEntry.MostBlocks)
            throw Refusal(kernel, shape, "more blocks than the detector of races can number");
        if (shape.Threads < 1 || shape.Threads > decoded.Entry.MaxThreads)
            throw Refusal(kernel, shape, $"the kernel allows 1 to {decoded.Entry.MaxThreads} threads");
        if (shape.SharedBytes < 0 || shape.SharedBytes + decoded.StaticSharedBytes > MostSharedBytes)
            throw Refusal(
                kernel,
                shape,
                $"{decoded.StaticSharedBytes} bytes of static and {shape.SharedBytes} of dynamic shared memory of {MostSharedBytes}");
        if (parameterBytes != decoded.ParameterBytes)
            throw Refusal(kernel, shape, $"its parameters are {decoded.ParameterBytes} bytes, and {parameterBytes} were given");
        return decoded;
    }

    static KernelFaultException Refusal(KernelName kernel, LaunchShape shape, string why) =>
        new(FaultKind.Launch, $"{kernel}, {shape}: {why}");

    LoadedModule Module(string name)
    {
        if (!modules.TryGetValue(name, out LoadedModule? module))
            modules.Add(name, module = LoadedModule.Load(name, read(name), memory));
        return module;
    }

    sealed class Graph(InterpretedDevice device, List<Action> steps) : IKernelGraph
    {
        public void Launch()
        {
            foreach (Action step in steps)
                device.Do(step);
        }

        public void Dispose()
        {
        }
    }

    /// <summary>The copy is done when it is begun: nothing runs beside it.</summary>
    sealed class HostRead(InterpretedDevice device, int bytes) : IHostRead
    {
        readonly byte[] buffer = new byte[bytes];
        int filled;

        public void Begin(DevicePointer from, int bytes)
        {
            device.CopyToHost(buffer.AsSpan(0, bytes), from);
            filled = bytes;
        }

        public ReadOnlySpan<byte> Wait() => buffer.AsSpan(0, filled);

        public void Dispose()
        {
        }
    }

    sealed class Event(long timeStamp) : IDeviceEvent
    {
        public long TimeStamp => timeStamp;

        public void Dispose()
        {
        }
    }
}
