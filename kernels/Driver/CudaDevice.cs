using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Kernels.Diagnostics;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>
/// A GPU through its driver: the primary context, one stream, and the kernels of <see cref="PtxLibrary"/>. Waits do not spin. One thread
/// uses it at a time, any thread.
/// </summary>
public sealed class CudaDevice : IKernelDevice
{
    /// <summary>The first with griddepcontrol.</summary>
    const int DependentComputeCapability = 90;
    /// <summary>The first whose graphs keep what a launch's attribute says.</summary>
    const int DependentDriverVersion = 12030;

    [ThreadStatic]
    static CudaDevice? current;

    readonly CUdevice device;
    readonly CudaErrors errors;
    readonly CudaModules modules;
    readonly bool synchronous;
    /// <summary>Whether kernels start before the one before them has ended, and wait for it themselves.</summary>
    readonly bool dependent;
    readonly CUlaunchAttribute[] dependentLaunch;
    /// <summary>What frees each thing that is still held, in the order of their making.</summary>
    readonly LinkedList<Action> held = [];
    /// <summary>Address of the one structure of parameters of the launch that is being made.</summary>
    readonly nint[] addresses = new nint[1];
    CUcontext context;
    CUstream stream;
    CudaStaging? staging;
    List<Action>? recording;
    bool disposed;

    CudaDevice(CUdevice device, CudaDeviceDescription description, Func<string, string> ptx, bool synchronous)
    {
        this.device = device;
        Description = description;
        this.synchronous = synchronous;
        errors = new(synchronous);
        dependent = LaunchesDependently(Facts);
        dependentLaunch = [DependentLaunch()];
        modules = new(Facts, errors, dependent ? module => PtxLibrary.WithDependentLaunch(ptx(module)) : ptx);
    }

    /// <summary>
    /// Environment variable that, at 0, has each kernel start when the one before it has ended, as on cards before compute capability 9.0:
    /// slower, the same bytes.
    /// </summary>
    public const string DependentLaunchVariable = "HARNESS_CUDA_PDL";

    /// <summary>
    /// Whether kernels may start early on a GPU of these facts: from Hopper on, with a driver that also records such launches.
    /// </summary>
    internal static bool LaunchesDependently(DeviceFacts facts) =>
        facts.ComputeCapability >= DependentComputeCapability && facts.DriverVersion >= DependentDriverVersion
            && Environment.GetEnvironmentVariable(DependentLaunchVariable) != "0";

    public CudaDeviceDescription Description { get; }

    public DeviceFacts Facts => Description.Facts;

    public long FreeBytes => Memory().Free;

    /// <summary>Opens the GPU that Device names.</summary>
    /// <param name="device">cuda, or cuda:N for GPU number N.</param>
    /// <exception cref="HarnessException">No driver, no such GPU, or one that the kernels can't use.</exception>
    public static CudaDevice Open(string device = "cuda") =>
        Open(
            device,
            PtxLibrary.Read,
            Environment.GetEnvironmentVariable(CudaErrors.SynchronousVariable) is { Length: > 0 } value && value != "0");

    /// <summary>As <see cref="Open(string)"/>, with modules of other texts.</summary>
    /// <param name="synchronous">Whether each launch, copy and fill is waited for.</param>
    internal static CudaDevice Open(string device, Func<string, string> ptx, bool synchronous)
    {
        (CUdevice handle, CudaDeviceDescription description) = CudaDevices.Select(device);
        CudaDevice opened = new(handle, description, ptx, synchronous);
        try
        {
            opened.CreateContext();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Prepare(IEnumerable<string> names)
    {
        Enter(duringCapture: false);
        modules.Prepare(names, MakeCurrent);
    }

    public DeviceBuffer Allocate(long bytes, string purpose)
    {
        Enter(duringCapture: false);
        CUdeviceptr start = default;
        CUResult result = MemoryManagement.cuMemAlloc_v2(ref start, Math.Max(bytes, 1));
        if (result == CUResult.ErrorOutOfMemory)
        {
            (long free, long total) = Memory();
            throw errors.Failure(
                result,
                nameof(MemoryManagement.cuMemAlloc_v2),
                KernelCodes.DeviceMemory,
                $"no {bytes:N0} bytes for {purpose} on {Facts.Name}, which has {free:N0} free of {total:N0}: ");
        }
        errors.Check(result, nameof(MemoryManagement.cuMemAlloc_v2));
        return new(new((ulong)start.Pointer), bytes, Hold(() =>
        {
            Streams.cuStreamSynchronize(stream);
            MemoryManagement.cuMemFree_v2(start);
        }));
    }

    public unsafe void Launch<T>(KernelName kernel, LaunchShape shape, in T parameters) where T : unmanaged
    {
        Enter();
        CUfunction function = modules.Get(kernel, shape);
        if (recording is null)
        {
            fixed (T* start = &parameters)
                Start(kernel, shape, function, (nint)start);
            return;
        }
        byte[] copy = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in parameters)).ToArray();
        recording.Add(() =>
        {
            fixed (byte* start = copy)
                Start(kernel, shape, function, (nint)start);
        });
    }

    public void CopyToDevice(DevicePointer to, ReadOnlySpan<byte> from)
    {
        Enter(duringCapture: false);
        staging ??= new CudaStaging(this);
        staging.Copy(to, from);
        AfterWork();
    }

    public unsafe void CopyToHost(Span<byte> to, DevicePointer from)
    {
        Synchronize();
        if (to.IsEmpty)
            return;
        fixed (byte* start = to)
        {
            errors.Check(AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2((nint)start, Pointer(from), to.Length, stream));
            errors.Check(Streams.cuStreamSynchronize(stream));
        }
    }

    public void CopyOnDevice(DevicePointer to, DevicePointer from, long bytes) =>
        Run(() => errors.Check(AsynchronousMemcpy_v2.cuMemcpyDtoDAsync_v2(Pointer(to), Pointer(from), bytes, stream)));

    public void Fill(DevicePointer to, byte value, long bytes) =>
        Run(() => errors.Check(MemsetAsync.cuMemsetD8Async(Pointer(to), value, bytes, stream)));

    /// <inheritdoc/>
    /// <remarks>The work is noted first and captured then, since modules are loaded on the way, which a capture forbids.</remarks>
    public IKernelGraph Capture(Action work)
    {
        Enter(duringCapture: false);
        List<Action> noted = recording = [];
        try
        {
            work();
        }
        finally
        {
            recording = null;
        }
        return synchronous ? new NotedWork(noted) : new CudaGraph(this, noted);
    }

    public IHostRead CreateHostRead(int bytes)
    {
        Enter(duringCapture: false);
        return new CudaHostRead(this, bytes);
    }

    public IDeviceEvent RecordEvent()
    {
        Enter(duringCapture: false);
        CudaEvent place = new(this, CUEventFlags.BlockingSync);
        place.Record();
        return place;
    }

    public double MillisecondsBetween(IDeviceEvent start, IDeviceEvent end)
    {
        Enter(duringCapture: false);
        CudaEvent from = (CudaEvent)start, to = (CudaEvent)end;
        to.Wait();
        float milliseconds = 0;
        errors.Check(Events.cuEventElapsedTime(ref milliseconds, from.Handle, to.Handle));
        return milliseconds;
    }

    public void Synchronize()
    {
        Enter(duringCapture: false);
        errors.Check(Streams.cuStreamSynchronize(stream));
    }

    /// <summary>Frees what is still held, then the context. Results are not looked at: after a fault every call fails again.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        if (context.Pointer == 0)
            return;
        ContextManagement.cuCtxSetCurrent(context);
        if (stream.Pointer != 0)
            Streams.cuStreamSynchronize(stream);
        while (held.Last is { } last)
        {
            held.RemoveLast();
            last.Value();
        }
        modules.Unload();
        if (stream.Pointer != 0)
            Streams.cuStreamDestroy_v2(stream);
        ContextManagement.cuCtxSetCurrent(default);
        ContextManagement.cuDevicePrimaryCtxRelease(device);
        current = null;
    }

    /// <summary>Host memory that the GPU can read and write while the processor works on.</summary>
    internal (nint Start, Action Free) AllocatePageLocked(int bytes)
    {
        Enter(duringCapture: false);
        nint start = 0;
        CUResult result = MemoryManagement.cuMemHostAlloc(ref start, Math.Max(bytes, 1), CUMemHostAllocFlags.None);
        if (result != CUResult.Success)
            throw errors.Failure(
                result, nameof(MemoryManagement.cuMemHostAlloc), KernelCodes.CudaCall, $"no {bytes:N0} bytes of page-locked host memory: ");
        return (start, Hold(() =>
        {
            Streams.cuStreamSynchronize(stream);
            MemoryManagement.cuMemFreeHost(start);
        }));
    }

    internal CudaErrors Errors => errors;

    internal CUstream Stream => stream;

    internal static CUdeviceptr Pointer(DevicePointer pointer) => new(pointer.Address);

    /// <summary>Before every call: the context belongs to this thread, and nothing is recorded that can't be.</summary>
    internal void Enter(bool duringCapture = true, [CallerMemberName] string member = "")
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (recording is not null && !duringCapture)
            throw new InvalidOperationException($"{member} is not one of the calls that a graph records");
        if (current != this)
            MakeCurrent();
    }

    /// <summary>Notes what frees a thing; the action returned does so once, if the device has not.</summary>
    /// <param name="free">Memory is freed when the work that may use it has been done.</param>
    internal Action Hold(Action free)
    {
        LinkedListNode<Action> node = held.AddLast(free);
        return () =>
        {
            if (node.List is null)
                return;
            held.Remove(node);
            if (current != this)
                ContextManagement.cuCtxSetCurrent(context);
            current = this;
            free();
        };
    }

    void CreateContext()
    {
        CUResult flagged = ContextManagement.cuDevicePrimaryCtxSetFlags(device, CUCtxFlags.BlockingSync);
        // Drivers before 11 refuse where the process has the context already: its waits then spin.
        if (flagged != CUResult.ErrorPrimaryContextActive)
            errors.Check(flagged, nameof(ContextManagement.cuDevicePrimaryCtxSetFlags));
        CUcontext retained = default;
        errors.Check(ContextManagement.cuDevicePrimaryCtxRetain(ref retained, device));
        context = retained;
        MakeCurrent();
        errors.Check(Streams.cuStreamCreate(ref stream, CUStreamFlags.NonBlocking));
    }

    void MakeCurrent()
    {
        errors.Check(ContextManagement.cuCtxSetCurrent(context));
        current = this;
    }

    (long Free, long Total) Memory()
    {
        Enter(duringCapture: false);
        SizeT free = default, total = default;
        errors.Check(MemoryManagement.cuMemGetInfo_v2(ref free, ref total));
        return ((long)(ulong)free, (long)(ulong)total);
    }

    void Start(KernelName kernel, LaunchShape shape, CUfunction function, nint parameters)
    {
        errors.LastLaunch = new(kernel, shape);
        addresses[0] = parameters;
        if (dependent)
            StartDependently(shape, function);
        else
            StartAfterPrevious(shape, function);
        AfterWork();
    }

    static CUlaunchAttribute DependentLaunch()
    {
        CUlaunchAttribute attribute = new() { id = CUlaunchAttributeID.ProgrammaticStreamSerialization };
        // A union in which the package names no member: 1 in its first four bytes says yes.
        Unsafe.As<CUlaunchAttributeValue, int>(ref attribute.value) = 1;
        return attribute;
    }

    void StartDependently(LaunchShape shape, CUfunction function)
    {
        CUlaunchConfig configuration = new()
        {
            gridDimX = (uint)shape.GridX,
            gridDimY = (uint)shape.GridY,
            gridDimZ = (uint)shape.GridZ,
            blockDimX = (uint)shape.Threads,
            blockDimY = 1,
            blockDimZ = 1,
            sharedMemBytes = (uint)shape.SharedBytes,
            hStream = stream,
            attrs = dependentLaunch,
        };
        errors.CheckLaunch(ManagedCuda.DriverAPINativeMethods.Launch.cuLaunchKernelEx(ref configuration, function, addresses, null));
    }

    void StartAfterPrevious(LaunchShape shape, CUfunction function) =>
        errors.CheckLaunch(ManagedCuda.DriverAPINativeMethods.Launch.cuLaunchKernel(
            function,
            (uint)shape.GridX,
            (uint)shape.GridY,
            (uint)shape.GridZ,
            (uint)shape.Threads,
            1,
            1,
            (uint)shape.SharedBytes,
            stream,
            addresses,
            null));

    void Run(Action work)
    {
        Enter();
        if (recording is null)
            Finish();
        else
            recording.Add(Finish);

        void Finish()
        {
            work();
            AfterWork();
        }
    }

    void AfterWork()
    {
        if (synchronous)
            errors.Check(Streams.cuStreamSynchronize(stream));
    }
}
