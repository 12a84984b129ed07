using System.Runtime.InteropServices;
using System.Text;

namespace Kernels.Tests.Driver;

/// <summary>The functions by their exported names, with the types of cuda.h.</summary>
sealed unsafe partial class FakeDriver
{
    static readonly Dictionary<int, (string Name, string Meaning)> Errors = new()
    {
        [1] = ("CUDA_ERROR_INVALID_VALUE", "invalid argument"),
        [2] = ("CUDA_ERROR_OUT_OF_MEMORY", "out of memory"),
        [100] = ("CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"),
        [214] = ("CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"),
        [218] = ("CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"),
        [222] = ("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."),
        [500] = ("CUDA_ERROR_NOT_FOUND", "named symbol not found"),
        [700] = ("CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"),
        [701] = ("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"),
        [716] = ("CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"),
    };

    [UnmanagedCallersOnly]
    static int cuInit(uint flags) => current.Do($"cuInit({flags})", () => current.Gpus.Count == 0 ? 100 : 0);

    [UnmanagedCallersOnly]
    static int cuDriverGetVersion(int* version) => current.Do("cuDriverGetVersion()", () => Set(version, current.Version));

    [UnmanagedCallersOnly]
    static int cuDeviceGetCount(int* count) => current.Do("cuDeviceGetCount()", () => Set(count, current.Gpus.Count));

    [UnmanagedCallersOnly]
    static int cuDeviceGet(int* device, int ordinal) => current.Do($"cuDeviceGet({ordinal})", () => Set(device, ordinal + 40));

    [UnmanagedCallersOnly]
    static int cuDeviceGetName(byte* name, int length, int device) =>
        current.Do($"cuDeviceGetName({device})", () => Write(name, length, Gpu(device).Name));

    [UnmanagedCallersOnly]
    static int cuDeviceGetPCIBusId(byte* name, int length, int device) =>
        current.Do($"cuDeviceGetPCIBusId({device})", () => Write(name, length, Gpu(device).PciBusId));

    [UnmanagedCallersOnly]
    static int cuDeviceTotalMem_v2(nuint* bytes, int device) =>
        current.Do($"cuDeviceTotalMem_v2({device})", () => Set(bytes, (nuint)Gpu(device).Bytes));

    [UnmanagedCallersOnly]
    static int cuDeviceGetAttribute(int* value, int attribute, int device) =>
        current.Do($"cuDeviceGetAttribute({attribute}, {device})", () => Set(value, attribute switch
        {
            16 => Gpu(device).Multiprocessors,
            75 => Gpu(device).Major,
            76 => Gpu(device).Minor,
            97 => Gpu(device).SharedBytes,
            _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
        }));

    [UnmanagedCallersOnly]
    static int cuDevicePrimaryCtxSetFlags_v2(int device, uint flags) =>
        current.Do($"cuDevicePrimaryCtxSetFlags_v2({device}, {flags})", () => 0);

    [UnmanagedCallersOnly]
    static int cuDevicePrimaryCtxRetain(nint* context, int device) =>
        current.Do($"cuDevicePrimaryCtxRetain({device})", () => Set(context, current.Make($"context {device}")));

    [UnmanagedCallersOnly]
    static int cuDevicePrimaryCtxRelease_v2(int device) =>
        current.Release(
            $"cuDevicePrimaryCtxRelease_v2", current.live.FirstOrDefault(pair => pair.Value == $"context {device}").Key, "context");

    [UnmanagedCallersOnly]
    static int cuCtxSetCurrent(nint context) =>
        current.Do($"cuCtxSetCurrent({(context == 0 ? "none" : current.live[context])})", () => Set(out entered, context));

    [UnmanagedCallersOnly]
    static int cuModuleLoadDataEx(nint* module, byte* image, uint options, int* names, nint* values)
    {
        current.BeforeLoad();
        return current.Do("cuModuleLoadDataEx()", () => current.NotCaptured(() =>
        {
            current.Expect(entered, "context");
            current.Modules.Add(Marshal.PtrToStringUTF8((nint)image)!);
            return Set(module, current.Make("module"));
        }), () => WriteLogs(options, names, values));
    }

    [UnmanagedCallersOnly]
    static int cuModuleUnload(nint module) => current.Release("cuModuleUnload", module, "module");

    [UnmanagedCallersOnly]
    static int cuModuleGetFunction(nint* function, nint module, byte* name) =>
        current.Do($"cuModuleGetFunction({Marshal.PtrToStringUTF8((nint)name)})", () =>
    {
        current.Expect(module, "module");
        string entry = Marshal.PtrToStringUTF8((nint)name)!;
        if (!current.Modules.Exists(text => text.Contains($".entry {entry}(", StringComparison.Ordinal)))
            return 500;
        nint handle = current.lastHandle += 0x10;
        current.functions.Add(handle, entry);
        return Set(function, handle);
    });

    [UnmanagedCallersOnly]
    static int cuFuncSetAttribute(nint function, int attribute, int value) =>
        current.Do($"cuFuncSetAttribute({current.functions[function]}, {attribute}, {value})", () => 0);

    [UnmanagedCallersOnly]
    static int cuMemGetInfo_v2(nuint* free, nuint* total) => current.Do("cuMemGetInfo_v2()", () =>
    {
        *total = (nuint)current.Gpus[0].Bytes;
        return Set(free, *total - (nuint)current.sizes.Values.Sum());
    });

    [UnmanagedCallersOnly]
    static int cuMemAlloc_v2(nuint* start, nuint bytes) => current.Do($"cuMemAlloc_v2({bytes})", () => current.NotCaptured(() =>
    {
        if ((long)bytes > current.Gpus[0].Bytes - current.sizes.Values.Sum())
            return 2;
        return Set(start, (nuint)current.MakeMemory("memory", bytes));
    }));

    [UnmanagedCallersOnly]
    static int cuMemFree_v2(nuint start) => current.Release("cuMemFree_v2", (nint)start, "memory", FreeMemory);

    [UnmanagedCallersOnly]
    static int cuMemHostAlloc(nint* start, nuint bytes, uint flags) =>
        current.Do($"cuMemHostAlloc({bytes}, {flags})", () => current.NotCaptured(() => Set(start, current.MakeMemory("host", bytes))));

    [UnmanagedCallersOnly]
    static int cuMemFreeHost(nint start) => current.Release("cuMemFreeHost", start, "host", FreeMemory);

    [UnmanagedCallersOnly]
    static int cuMemcpyHtoDAsync_v2(nuint to, nint from, nuint bytes, nint stream) =>
        Copy($"cuMemcpyHtoDAsync_v2({bytes})", (nint)to, from, bytes, stream);

    [UnmanagedCallersOnly]
    static int cuMemcpyDtoHAsync_v2(nint to, nuint from, nuint bytes, nint stream) =>
        Copy($"cuMemcpyDtoHAsync_v2({bytes})", to, (nint)from, bytes, stream);

    [UnmanagedCallersOnly]
    static int cuMemcpyDtoDAsync_v2(nuint to, nuint from, nuint bytes, nint stream) =>
        Copy($"cuMemcpyDtoDAsync_v2({bytes})", (nint)to, (nint)from, bytes, stream);

    [UnmanagedCallersOnly]
    static int cuMemsetD8Async(nuint to, byte value, nuint bytes, nint stream) => current.Do($"cuMemsetD8Async({value}, {bytes})", () =>
    {
        current.Expect(stream, "stream");
        return current.Queue(() => NativeMemory.Fill((void*)to, bytes, value));
    });

    [UnmanagedCallersOnly]
    static int cuLaunchKernel(
        nint function,
        uint gridX,
        uint gridY,
        uint gridZ,
        uint blockX,
        uint blockY,
        uint blockZ,
        uint shared,
        nint stream,
        nint* parameters,
        nint* extra) =>
        current.Do(
            $"cuLaunchKernel({current.functions[function]})",
            () => Launch(function, [gridX, gridY, gridZ], [blockX, blockY, blockZ], shared, stream, parameters, dependent: false));

    [UnmanagedCallersOnly]
    static int cuLaunchKernelEx(LaunchConfiguration* configuration, nint function, nint* parameters, nint* extra) =>
        current.Do($"cuLaunchKernelEx({current.functions[function]})", () =>
        {
            LaunchConfiguration c = *configuration;
            if (c.AttributeCount != 1 || c.Attributes->Id != 6)
                return 1;
            return Launch(
                function, [c.GridX, c.GridY, c.GridZ], [c.BlockX, c.BlockY, c.BlockZ], c.SharedBytes, c.Stream, parameters,
                c.Attributes->Allowed != 0);
        });

    /// <summary>CUlaunchConfig.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct LaunchConfiguration
    {
        public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
        public nint Stream;
        public LaunchAttribute* Attributes;
        public uint AttributeCount;
    }

    /// <summary>CUlaunchAttribute, whose union begins with what is asked of a programmatic launch.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    struct LaunchAttribute
    {
        [FieldOffset(0)]
        public int Id;

        [FieldOffset(8)]
        public int Allowed;
    }

    static int Launch(nint function, uint[] grid, uint[] block, uint shared, nint stream, nint* parameters, bool dependent)
    {
        current.Expect(stream, "stream");
        if (grid[0] == 0)
            return 1;
        string entry = current.functions[function];
        byte[] copy = new ReadOnlySpan<byte>((void*)parameters[0], ParameterBytes(entry)).ToArray();
        FakeLaunch launch = new(entry, grid, block, shared, copy, dependent);
        return current.Queue(() => current.Start(launch));
    }

    [UnmanagedCallersOnly]
    static int cuEventCreate(nint* made, uint flags) => current.Do($"cuEventCreate({flags})", () =>
    {
        nint handle = current.Make($"event {flags}");
        current.events.Add(handle, new() { Reached = 0 });
        return Set(made, handle);
    });

    [UnmanagedCallersOnly]
    static int cuEventRecord(nint place, nint stream) => current.Do("cuEventRecord()", () =>
    {
        current.Expect(place, "event");
        current.Expect(stream, "stream");
        FakeEvent record = new();
        current.events[place] = record;
        return current.Queue(() => record.Reached = current.clock);
    });

    [UnmanagedCallersOnly]
    static int cuEventSynchronize(nint place) => current.Do("cuEventSynchronize()", () =>
    {
        current.Expect(place, "event");
        while (current.events[place] is { Reached: null } && current.Sticky == 0)
        {
            current.work.Dequeue()();
            current.clock++;
        }
        return current.Sticky;
    });

    [UnmanagedCallersOnly]
    static int cuEventElapsedTime(float* milliseconds, nint start, nint end) => current.Do("cuEventElapsedTime()", () =>
    {
        if (current.live[start] != "event 1" || current.live[end] != "event 1")
            return 1;
        return Set(milliseconds, (float)(current.events[end].Reached!.Value - current.events[start].Reached!.Value));
    });

    [UnmanagedCallersOnly]
    static int cuEventDestroy_v2(nint place) => current.Release("cuEventDestroy_v2", place, "event");

    [UnmanagedCallersOnly]
    static int cuStreamCreate(nint* stream, uint flags) =>
        current.Do($"cuStreamCreate({flags})", () => Set(stream, current.Make("stream")));

    [UnmanagedCallersOnly]
    static int cuStreamSynchronize(nint stream) => current.Do("cuStreamSynchronize()", () => current.NotCaptured(() =>
    {
        current.Expect(stream, "stream");
        return current.Finish();
    }));

    [UnmanagedCallersOnly]
    static int cuStreamDestroy_v2(nint stream) => current.Release("cuStreamDestroy_v2", stream, "stream");

    [UnmanagedCallersOnly]
    static int cuStreamBeginCapture_v2(nint stream, int mode) => current.Do($"cuStreamBeginCapture_v2({mode})", () =>
    {
        current.Expect(stream, "stream");
        current.capture = [];
        return 0;
    });

    [UnmanagedCallersOnly]
    static int cuStreamEndCapture(nint stream, nint* graph) => current.Do("cuStreamEndCapture()", () =>
    {
        nint handle = current.Make("graph");
        current.graphs.Add(handle, current.capture!);
        current.capture = null;
        return Set(graph, handle);
    });

    [UnmanagedCallersOnly]
    static int cuGraphInstantiateWithFlags(nint* made, nint graph, ulong flags) => current.Do($"cuGraphInstantiateWithFlags({flags})", () =>
    {
        nint handle = current.Make("executable graph");
        current.graphs.Add(handle, current.graphs[graph]);
        return Set(made, handle);
    });

    [UnmanagedCallersOnly]
    static int cuGraphLaunch(nint graph, nint stream) => current.Do("cuGraphLaunch()", () =>
    {
        current.Expect(graph, "executable graph");
        current.Expect(stream, "stream");
        current.graphs[graph].ForEach(current.work.Enqueue);
        return 0;
    });

    [UnmanagedCallersOnly]
    static int cuGraphExecDestroy(nint graph) => current.Release("cuGraphExecDestroy", graph, "executable graph");

    [UnmanagedCallersOnly]
    static int cuGraphDestroy(nint graph) => current.Release("cuGraphDestroy", graph, "graph");

    [UnmanagedCallersOnly]
    static int cuGetErrorName(int error, nint* text) =>
        Errors.TryGetValue(error, out (string Name, string Meaning) known) ? Set(text, Literal(known.Name)) : 1;

    [UnmanagedCallersOnly]
    static int cuGetErrorString(int error, nint* text) =>
        Errors.TryGetValue(error, out (string Name, string Meaning) known) ? Set(text, Literal(known.Meaning)) : 1;

    static FakeGpu Gpu(int device) => current.Gpus[device - 40];

    static int Set<T>(out T to, T value)
    {
        to = value;
        return 0;
    }

    static int Set<T>(T* to, T value) where T : unmanaged
    {
        *to = value;
        return 0;
    }

    static int Write(byte* to, int length, string text)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), 0];
        bytes.CopyTo(new Span<byte>(to, length));
        return 0;
    }

    /// <summary>A text that stays, as the driver's own do.</summary>
    static nint Literal(string text)
    {
        byte[] bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(text) + 1, pinned: true);
        Encoding.UTF8.GetBytes(text, bytes);
        Literals.Add(bytes);
        return Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0);
    }

    static readonly List<byte[]> Literals = [];

    static int Copy(string call, nint to, nint from, nuint bytes, nint stream) => current.Do(call, () =>
    {
        current.Expect(stream, "stream");
        return current.Queue(() => NativeMemory.Copy((void*)from, (void*)to, bytes));
    });

    nint MakeMemory(string kind, nuint bytes)
    {
        nint start = (nint)NativeMemory.AlignedAlloc(bytes, 256);
        NativeMemory.Fill((void*)start, bytes, 0xCD);
        live.Add(start, $"{kind} {bytes}");
        if (kind == "memory")
            sizes.Add(start, (long)bytes);
        return start;
    }

    static void FreeMemory(nint start)
    {
        if (current.work.Count > 0 && current.Sticky == 0)
            current.Problems.Add("memory was freed that work may yet use");
        current.sizes.Remove(start);
        NativeMemory.AlignedFree((void*)start);
    }

    /// <summary>Bytes of an entry's parameter, from the text of its module: <c>.entry name(.param .b8 name_param_0[24])</c>.</summary>
    static int ParameterBytes(string entry)
    {
        string text = current.Modules.First(text => text.Contains($".entry {entry}(", StringComparison.Ordinal));
        int start = text.IndexOf('[', text.IndexOf($".entry {entry}(", StringComparison.Ordinal)) + 1;
        return int.Parse(text[start..text.IndexOf(']', start)]);
    }

    static void WriteLogs(uint options, int* names, nint* values)
    {
        Dictionary<int, int> places = Enumerable.Range(0, (int)options).ToDictionary(index => names[index]);
        WriteLog(current.Logs.Info, values, places[3], places[4]);
        WriteLog(current.Logs.Error, values, places[5], places[6]);
    }

    static void WriteLog(string text, nint* values, int buffer, int size)
    {
        Write((byte*)values[buffer], (int)values[size], text);
        values[size] = text.Length + 1;
    }
}
