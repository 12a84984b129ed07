using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>
/// The CUDA driver's functions under the names and signatures of the package ManagedCuda-12, as far as callers here use them; each is
/// described in NVIDIA's CUDA Driver API reference. Without a driver each throws <see cref="DllNotFoundException"/>.
/// </summary>
public static unsafe class DriverAPINativeMethods
{
    public static CUResult cuInit(CUInitializationFlags Flags) =>
        ((delegate* unmanaged<uint, CUResult>)DriverLibrary.Function(nameof(cuInit)))((uint)Flags);

    public static CUResult cuDriverGetVersion(ref int driverVersion)
    {
        fixed (int* version = &driverVersion)
            return ((delegate* unmanaged<int*, CUResult>)DriverLibrary.Function(nameof(cuDriverGetVersion)))(version);
    }

    /// <summary>What a function of one handle does with it: release, wait and the like.</summary>
    static CUResult OnHandle(string name, nint handle) => ((delegate* unmanaged<nint, CUResult>)DriverLibrary.Function(name))(handle);

    static CUResult OnHandles(string name, nint first, nint second) =>
        ((delegate* unmanaged<nint, nint, CUResult>)DriverLibrary.Function(name))(first, second);

    public static class DeviceManagement
    {
        public static CUResult cuDeviceGet(ref CUdevice device, int ordinal)
        {
            fixed (CUdevice* result = &device)
                return ((delegate* unmanaged<CUdevice*, int, CUResult>)DriverLibrary.Function(nameof(cuDeviceGet)))(result, ordinal);
        }

        public static CUResult cuDeviceGetCount(ref int count)
        {
            fixed (int* result = &count)
                return ((delegate* unmanaged<int*, CUResult>)DriverLibrary.Function(nameof(cuDeviceGetCount)))(result);
        }

        public static CUResult cuDeviceGetName([Out] byte[] name, int len, CUdevice dev)
        {
            fixed (byte* result = name)
                return ((delegate* unmanaged<byte*, int, int, CUResult>)DriverLibrary.Function(nameof(cuDeviceGetName)))(
                    result, len, dev.Pointer);
        }

        public static CUResult cuDeviceTotalMem_v2(ref SizeT bytes, CUdevice dev)
        {
            fixed (SizeT* result = &bytes)
                return ((delegate* unmanaged<SizeT*, int, CUResult>)DriverLibrary.Function(nameof(cuDeviceTotalMem_v2)))(
                    result, dev.Pointer);
        }

        public static CUResult cuDeviceGetAttribute(ref int pi, CUDeviceAttribute attrib, CUdevice dev)
        {
            fixed (int* result = &pi)
                return ((delegate* unmanaged<int*, int, int, CUResult>)DriverLibrary.Function(nameof(cuDeviceGetAttribute)))(
                    result, (int)attrib, dev.Pointer);
        }

        public static CUResult cuDeviceGetPCIBusId([In, Out] byte[] pciBusId, int len, CUdevice dev)
        {
            fixed (byte* result = pciBusId)
                return ((delegate* unmanaged<byte*, int, int, CUResult>)DriverLibrary.Function(nameof(cuDeviceGetPCIBusId)))(
                    result, len, dev.Pointer);
        }
    }

    public static class ContextManagement
    {
        public static CUResult cuCtxSetCurrent(CUcontext ctx) => OnHandle(nameof(cuCtxSetCurrent), ctx.Pointer);

        public static CUResult cuDevicePrimaryCtxRetain(ref CUcontext pctx, CUdevice dev)
        {
            fixed (CUcontext* result = &pctx)
                return ((delegate* unmanaged<CUcontext*, int, CUResult>)DriverLibrary.Function(nameof(cuDevicePrimaryCtxRetain)))(
                    result, dev.Pointer);
        }

        public static CUResult cuDevicePrimaryCtxRelease(CUdevice dev) =>
            ((delegate* unmanaged<int, CUResult>)DriverLibrary.Function("cuDevicePrimaryCtxRelease_v2"))(dev.Pointer);

        public static CUResult cuDevicePrimaryCtxSetFlags(CUdevice dev, CUCtxFlags flags) =>
            ((delegate* unmanaged<int, uint, CUResult>)DriverLibrary.Function("cuDevicePrimaryCtxSetFlags_v2"))(dev.Pointer, (uint)flags);
    }

    public static class ModuleManagement
    {
        public static CUResult cuModuleLoadDataEx(
            ref CUmodule module, [In] byte[] image, uint numOptions, [In] CUJITOption[] options, [In, Out] nint[] optionValues)
        {
            fixed (CUmodule* result = &module)
            fixed (byte* text = image)
            fixed (CUJITOption* names = options)
            fixed (nint* values = optionValues)
                return ((delegate* unmanaged<CUmodule*, byte*, uint, CUJITOption*, nint*, CUResult>)DriverLibrary.Function(
                    nameof(cuModuleLoadDataEx)))(result, text, numOptions, names, values);
        }

        public static CUResult cuModuleUnload(CUmodule hmod) => OnHandle(nameof(cuModuleUnload), hmod.Pointer);

        public static CUResult cuModuleGetFunction(ref CUfunction hfunc, CUmodule hmod, string name)
        {
            nint text = Marshal.StringToCoTaskMemUTF8(name);
            try
            {
                fixed (CUfunction* result = &hfunc)
                    return ((delegate* unmanaged<CUfunction*, nint, nint, CUResult>)DriverLibrary.Function(nameof(cuModuleGetFunction)))(
                        result, hmod.Pointer, text);
            }
            finally
            {
                Marshal.FreeCoTaskMem(text);
            }
        }
    }

    public static class MemoryManagement
    {
        public static CUResult cuMemGetInfo_v2(ref SizeT free, ref SizeT total)
        {
            fixed (SizeT* freeBytes = &free)
            fixed (SizeT* totalBytes = &total)
                return ((delegate* unmanaged<SizeT*, SizeT*, CUResult>)DriverLibrary.Function(nameof(cuMemGetInfo_v2)))(
                    freeBytes, totalBytes);
        }

        public static CUResult cuMemAlloc_v2(ref CUdeviceptr dptr, SizeT bytesize)
        {
            fixed (CUdeviceptr* result = &dptr)
                return ((delegate* unmanaged<CUdeviceptr*, nuint, CUResult>)DriverLibrary.Function(nameof(cuMemAlloc_v2)))(
                    result, (nuint)(ulong)bytesize);
        }

        public static CUResult cuMemFree_v2(CUdeviceptr dptr) => OnHandle(nameof(cuMemFree_v2), (nint)(long)dptr.Pointer);

        public static CUResult cuMemFreeHost(nint p) => OnHandle(nameof(cuMemFreeHost), p);

        public static CUResult cuMemHostAlloc(ref nint pp, SizeT bytesize, CUMemHostAllocFlags Flags)
        {
            fixed (nint* result = &pp)
                return ((delegate* unmanaged<nint*, nuint, uint, CUResult>)DriverLibrary.Function(nameof(cuMemHostAlloc)))(
                    result, (nuint)(ulong)bytesize, (uint)Flags);
        }
    }

    public static class AsynchronousMemcpy_v2
    {
        public static CUResult cuMemcpyHtoDAsync_v2(CUdeviceptr dstDevice, nint srcHost, SizeT ByteCount, CUstream hStream) =>
            Copy(nameof(cuMemcpyHtoDAsync_v2), (nuint)(ulong)dstDevice.Pointer, (nuint)srcHost, ByteCount, hStream);

        public static CUResult cuMemcpyDtoHAsync_v2(nint dstHost, CUdeviceptr srcDevice, SizeT ByteCount, CUstream hStream) =>
            Copy(nameof(cuMemcpyDtoHAsync_v2), (nuint)dstHost, (nuint)(ulong)srcDevice.Pointer, ByteCount, hStream);

        public static CUResult cuMemcpyDtoDAsync_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, SizeT ByteCount, CUstream hStream) =>
            Copy(nameof(cuMemcpyDtoDAsync_v2), (nuint)(ulong)dstDevice.Pointer, (nuint)(ulong)srcDevice.Pointer, ByteCount, hStream);

        static CUResult Copy(string name, nuint to, nuint from, SizeT bytes, CUstream stream) =>
            ((delegate* unmanaged<nuint, nuint, nuint, nint, CUResult>)DriverLibrary.Function(name))(
                to, from, (nuint)(ulong)bytes, stream.Pointer);
    }

    public static class MemsetAsync
    {
        public static CUResult cuMemsetD8Async(CUdeviceptr dstDevice, byte b, SizeT N, CUstream hStream) =>
            ((delegate* unmanaged<nuint, byte, nuint, nint, CUResult>)DriverLibrary.Function(nameof(cuMemsetD8Async)))(
                (nuint)(ulong)dstDevice.Pointer, b, (nuint)(ulong)N, hStream.Pointer);
    }

    public static class FunctionManagement
    {
        public static CUResult cuFuncSetAttribute(CUfunction hfunc, CUFunctionAttribute attrib, int value) =>
            ((delegate* unmanaged<nint, int, int, CUResult>)DriverLibrary.Function(nameof(cuFuncSetAttribute)))(
                hfunc.Pointer, (int)attrib, value);
    }

    public static class Launch
    {
        public static CUResult cuLaunchKernel(
            CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ,
            uint sharedMemBytes, CUstream hStream, nint[]? kernelParams, nint[]? extra)
        {
            fixed (nint* parameters = kernelParams)
            fixed (nint* extras = extra)
                return ((delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, nint*, nint*, CUResult>)
                    DriverLibrary.Function(nameof(cuLaunchKernel)))(
                    f.Pointer,
                    gridDimX,
                    gridDimY,
                    gridDimZ,
                    blockDimX,
                    blockDimY,
                    blockDimZ,
                    sharedMemBytes,
                    hStream.Pointer,
                    parameters,
                    extras);
        }

        public static CUResult cuLaunchKernelEx(ref CUlaunchConfig config, CUfunction f, nint[]? kernelParams, nint[]? extra)
        {
            fixed (CUlaunchAttribute* attributes = config.attrs)
            fixed (nint* parameters = kernelParams)
            fixed (nint* extras = extra)
            {
                LaunchConfiguration native = new()
                {
                    GridX = config.gridDimX,
                    GridY = config.gridDimY,
                    GridZ = config.gridDimZ,
                    BlockX = config.blockDimX,
                    BlockY = config.blockDimY,
                    BlockZ = config.blockDimZ,
                    SharedBytes = config.sharedMemBytes,
                    Stream = config.hStream,
                    Attributes = attributes,
                    AttributeCount = (uint)config.attrs.Length,
                };
                return ((delegate* unmanaged<LaunchConfiguration*, nint, nint*, nint*, CUResult>)
                    DriverLibrary.Function(nameof(cuLaunchKernelEx)))(&native, f.Pointer, parameters, extras);
            }
        }

        [StructLayout(LayoutKind.Sequential)]
        struct LaunchConfiguration
        {
            public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
            public CUstream Stream;
            public CUlaunchAttribute* Attributes;
            public uint AttributeCount;
        }
    }

    public static class Events
    {
        public static CUResult cuEventCreate(ref CUevent phEvent, CUEventFlags Flags)
        {
            fixed (CUevent* result = &phEvent)
                return ((delegate* unmanaged<CUevent*, uint, CUResult>)DriverLibrary.Function(nameof(cuEventCreate)))(result, (uint)Flags);
        }

        public static CUResult cuEventRecord(CUevent hEvent, CUstream hStream) =>
            OnHandles(nameof(cuEventRecord), hEvent.Pointer, hStream.Pointer);

        public static CUResult cuEventSynchronize(CUevent hEvent) => OnHandle(nameof(cuEventSynchronize), hEvent.Pointer);

        public static CUResult cuEventDestroy_v2(CUevent hEvent) => OnHandle(nameof(cuEventDestroy_v2), hEvent.Pointer);

        public static CUResult cuEventElapsedTime(ref float pMilliseconds, CUevent hStart, CUevent hEnd)
        {
            fixed (float* result = &pMilliseconds)
                return ((delegate* unmanaged<float*, nint, nint, CUResult>)DriverLibrary.Function(nameof(cuEventElapsedTime)))(
                    result, hStart.Pointer, hEnd.Pointer);
        }
    }

    public static class Streams
    {
        public static CUResult cuStreamCreate(ref CUstream phStream, CUStreamFlags Flags)
        {
            fixed (CUstream* result = &phStream)
                return ((delegate* unmanaged<CUstream*, uint, CUResult>)DriverLibrary.Function(nameof(cuStreamCreate)))(
                    result, (uint)Flags);
        }

        public static CUResult cuStreamSynchronize(CUstream hStream) => OnHandle(nameof(cuStreamSynchronize), hStream.Pointer);

        public static CUResult cuStreamDestroy_v2(CUstream hStream) => OnHandle(nameof(cuStreamDestroy_v2), hStream.Pointer);

        public static CUResult cuStreamBeginCapture(CUstream hStream, CUstreamCaptureMode mode) =>
            ((delegate* unmanaged<nint, int, CUResult>)DriverLibrary.Function("cuStreamBeginCapture_v2"))(hStream.Pointer, (int)mode);

        public static CUResult cuStreamEndCapture(CUstream hStream, ref CUgraph phGraph)
        {
            fixed (CUgraph* result = &phGraph)
                return ((delegate* unmanaged<nint, CUgraph*, CUResult>)DriverLibrary.Function(nameof(cuStreamEndCapture)))(
                    hStream.Pointer, result);
        }
    }

    /// <summary>Spelt as in the package.</summary>
    public static class GraphManagment
    {
        public static CUResult cuGraphInstantiate(ref CUgraphExec phGraphExec, CUgraph hGraph, CUgraphInstantiate_flags flags)
        {
            fixed (CUgraphExec* result = &phGraphExec)
                return ((delegate* unmanaged<CUgraphExec*, nint, ulong, CUResult>)DriverLibrary.Function("cuGraphInstantiateWithFlags"))(
                    result, hGraph.Pointer, (ulong)flags);
        }

        public static CUResult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream) =>
            OnHandles(nameof(cuGraphLaunch), hGraphExec.Pointer, hStream.Pointer);

        public static CUResult cuGraphExecDestroy(CUgraphExec hGraphExec) => OnHandle(nameof(cuGraphExecDestroy), hGraphExec.Pointer);

        public static CUResult cuGraphDestroy(CUgraph hGraph) => OnHandle(nameof(cuGraphDestroy), hGraph.Pointer);
    }

    public static class ErrorHandling
    {
        public static CUResult cuGetErrorString(CUResult error, ref nint pStr) => Text(nameof(cuGetErrorString), error, ref pStr);

        public static CUResult cuGetErrorName(CUResult error, ref nint pStr) => Text(nameof(cuGetErrorName), error, ref pStr);

        static CUResult Text(string name, CUResult error, ref nint text)
        {
            fixed (nint* result = &text)
                return ((delegate* unmanaged<CUResult, nint*, CUResult>)DriverLibrary.Function(name))(error, result);
        }
    }
}
