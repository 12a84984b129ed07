using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ManagedCuda;

/// <summary>
/// The functions of the CUDA driver by their exported names, looked up when first called. Tests put their own in place of
/// <see cref="Find"/>.
/// </summary>
static class DriverLibrary
{
    static readonly string[] Names = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];
    static readonly ConcurrentDictionary<string, nint> Functions = new(StringComparer.Ordinal);
    static Func<string, nint> find = InDriver;
    static nint library;

    /// <summary>The address of a function.</summary>
    internal static Func<string, nint> Find
    {
        get => find;
        set
        {
            find = value;
            Functions.Clear();
        }
    }

    /// <exception cref="DllNotFoundException">There is no CUDA driver.</exception>
    /// <exception cref="EntryPointNotFoundException">The driver does not have the function: it is too old.</exception>
    internal static nint Function(string name) => Functions.GetOrAdd(name, static name => find(name));

    static nint InDriver(string name)
    {
        if (library == 0)
            library = Load();
        return NativeLibrary.TryGetExport(library, name, out nint address)
            ? address
            : throw new EntryPointNotFoundException($"the CUDA driver has no function {name}");
    }

    static nint Load()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
                return handle;
        }
        throw new DllNotFoundException($"{Names[0]} is not there: it is part of the NVIDIA driver");
    }
}
