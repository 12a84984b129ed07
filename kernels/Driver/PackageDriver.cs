using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Harness.Kernels.Driver;

/// <summary>
/// Where the package ManagedCuda-12 finds the CUDA driver. On Linux it asks for libcuda.so, a link that many drivers do not install; the
/// driver itself is libcuda.so.1, which is given to it where it finds nothing.
/// </summary>
static class PackageDriver
{
    /// <summary>What packages call the driver: on Windows, and on Linux.</summary>
    static readonly string[] Names = ["nvcuda", "libcuda", "cuda"];

    /// <param name="package">The assembly that asks.</param>
    /// <param name="driver">The file to load, by the loader's own search or by its path.</param>
    public static void Resolve(Assembly package, string driver)
    {
        if (AssemblyLoadContext.GetLoadContext(package) is { } context)
            context.ResolvingUnmanagedDll += (assembly, name) =>
                assembly == package && Names.Contains(Stem(name)) && NativeLibrary.TryLoad(driver, out nint library) ? library : 0;
    }

    /// <summary>The name without what a platform puts behind it.</summary>
    static string Stem(string name) => name.Split('.')[0];
}
