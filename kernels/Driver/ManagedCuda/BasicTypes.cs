using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>size_t.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SizeT
{
    readonly nuint value;

    public SizeT(long value) => this.value = checked((nuint)value);

    public SizeT(ulong value) => this.value = checked((nuint)value);

    public static implicit operator SizeT(long value) => new(value);

    public static implicit operator SizeT(ulong value) => new(value);

    public static implicit operator long(SizeT t) => (long)t.value;

    public static implicit operator ulong(SizeT t) => t.value;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUdevice
{
    public int Pointer;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUcontext
{
    public nint Pointer;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUmodule
{
    public nint Pointer;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUfunction
{
    public nint Pointer;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUdeviceptr
{
    public SizeT Pointer;

    public CUdeviceptr(SizeT pointer) => Pointer = pointer;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUstream
{
    public nint Pointer;
}

/// <summary>A union of 64 bytes; as in the package, what stands in it has no names of its own.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct CUlaunchAttributeValue;

[StructLayout(LayoutKind.Explicit, Size = 72)]
public struct CUlaunchAttribute
{
    [FieldOffset(0)]
    public CUlaunchAttributeID id;

    [FieldOffset(8)]
    public CUlaunchAttributeValue value;
}

public struct CUlaunchConfig
{
    public uint gridDimX;
    public uint gridDimY;
    public uint gridDimZ;
    public uint blockDimX;
    public uint blockDimY;
    public uint blockDimZ;
    public uint sharedMemBytes;
    public CUstream hStream;
    public CUlaunchAttribute[] attrs;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUevent
{
    public nint Pointer;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUgraph
{
    public nint Pointer;
}

[StructLayout(LayoutKind.Sequential)]
public struct CUgraphExec
{
    public nint Pointer;
}
