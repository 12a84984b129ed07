using System.Runtime.InteropServices;
using PtxInterpreter.Execution;

namespace PtxInterpreter.Memory;

/// <summary>A block's shared memory: each variable an island, so that one past the end of an array is found.</summary>
sealed unsafe class SharedMemory : IDisposable
{
    readonly SharedVariable[] variables;

    public SharedMemory(DecodedKernel kernel, int dynamicBytes)
    {
        variables = [.. kernel.Shared.Select(v => v.Bytes == 0 ? v with { Bytes = dynamicBytes } : v)];
        long bytes = variables.Length == 0 ? 16 : variables.Max(v => v.Offset + v.Bytes) + 16;
        Data = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        NativeMemory.Fill(Data, (nuint)bytes, 0xC5);
        Shadow = new AccessShadow(bytes, kernel.SharedGranuleShift, ofOneBlock: true);
    }

    public byte* Data { get; }

    public AccessShadow Shadow { get; }

    /// <summary>The offset in <see cref="Data"/> of a checked access.</summary>
    public long Place(Warp warp, int lane, ulong address, int bytes)
    {
        ulong offset = address - Windows.FirstOffset;
        foreach (SharedVariable variable in variables)
        {
            if (offset >= (ulong)variable.Offset && offset + (ulong)bytes <= (ulong)(variable.Offset + variable.Bytes))
                return (long)offset;
        }
        IEnumerable<string> known = variables.Select(v => $"{v.Name} {v.Bytes} bytes at {(ulong)v.Offset + Windows.FirstOffset}");
        string all = variables.Length == 0 ? "no variables" : string.Join(", ", known);
        throw warp.Fault(FaultKind.OutOfBounds, 1u << lane, $"{bytes} bytes at {address} of shared memory; there are {all}");
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Data);
        Shadow.Dispose();
    }
}

/// <param name="Bytes">0: as many as the launch gives.</param>
sealed record SharedVariable(string Name, long Offset, long Bytes);
