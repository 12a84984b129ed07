using System.Globalization;
using System.Reflection;
using System.Text;
using Harness.Kernels.Diagnostics;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>A GPU that the driver lists: <paramref name="Ordinal"/> is that of Device=cuda:N.</summary>
/// <param name="PciBusId">As the driver writes it: "0000:65:00.0".</param>
public sealed record CudaDeviceDescription(int Ordinal, string PciBusId, DeviceFacts Facts);

/// <summary>The GPUs of this machine, and the library through which the program reaches them.</summary>
public static class CudaDevices
{
    /// <summary>What the PTX is compiled for.</summary>
    const int LeastComputeCapability = 80;
    /// <summary>The first with its version of PTX, 7.5; it has every function that is called, too.</summary>
    const int LeastDriverVersion = 11050;
    const string StandIn = "ManagedCuda.Builtin";
    static readonly string Library = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    static int isResolved;

    /// <summary>The package's own, or the project's form of it.</summary>
    internal static Assembly Package { get; } = typeof(DriverAPINativeMethods).Assembly;

    /// <summary>Whether the program runs with the project's own form of the package.</summary>
    public static bool PackageIsStandIn { get; } = Package.GetName().Name == StandIn;

    /// <summary>Version of the package ManagedCuda-12, or of the project's own form of it.</summary>
    public static string PackageVersion { get; } = Package.GetName().Version!.ToString(3);

    /// <summary>Whether <paramref name="device"/>, the value of Device, names a GPU: cuda or cuda:N.</summary>
    public static bool Names(string device) => Ordinal(device) >= 0;

    /// <summary>Version of CUDA that the driver offers: 1000 * major + 10 * minor.</summary>
    /// <exception cref="HarnessException">No driver, or one that can't be used.</exception>
    public static int DriverVersion()
    {
        Initialize();
        int version = 0;
        CudaErrors.CheckWithoutDevice(cuDriverGetVersion(ref version));
        return version;
    }

    /// <summary>Every GPU, by ordinal.</summary>
    /// <exception cref="HarnessException">No driver, or no GPU.</exception>
    public static IReadOnlyList<CudaDeviceDescription> List()
    {
        int version = DriverVersion(), count = Count();
        return [.. Enumerable.Range(0, count).Select(ordinal => Describe(Handle(ordinal), ordinal, version))];
    }

    /// <summary>The GPU that <paramref name="device"/> names, usable by the kernels.</summary>
    /// <exception cref="HarnessException">It is not there, or too old.</exception>
    public static CudaDeviceDescription Find(string device) => Select(device).Description;

    /// <inheritdoc cref="Find"/>
    internal static (CUdevice Device, CudaDeviceDescription Description) Select(string device)
    {
        int ordinal = Ordinal(device);
        if (ordinal < 0)
            throw KernelCodes.BadPlacement.With($"there is no device '{device}': Device is cpu, cuda, or cuda:N for GPU number N");
        int version = DriverVersion();
        if (version < LeastDriverVersion)
            throw KernelCodes.CudaDriverTooOld.With(CudaErrors.WithCure(
                KernelCodes.CudaDriverTooOld,
                $"Device={device}: the driver offers CUDA {CudaVersion(version)}, and the kernels need {CudaVersion(LeastDriverVersion)}"));
        int count = Count();
        if (ordinal >= count)
            throw KernelCodes.BadPlacement.With($"Device={device}: this machine has {count} "
                + $"GPU{(count == 1 ? "" : "s")}, cuda:0{(count == 1 ? "" : $" to cuda:{count - 1}")}");
        CUdevice handle = Handle(ordinal);
        CudaDeviceDescription description = Describe(handle, ordinal, version);
        if (!IsUsable(description.Facts))
            throw KernelCodes.CudaDeviceTooOld.With(CudaErrors.WithCure(
                KernelCodes.CudaDeviceTooOld,
                $"Device={device}: {description.Facts.Name} has compute capability {ComputeVersion(description.Facts.ComputeCapability)}"));
        return (handle, description);
    }

    /// <summary>Whether the kernels run on a GPU of these facts.</summary>
    public static bool IsUsable(DeviceFacts facts) => facts.ComputeCapability >= LeastComputeCapability;

    /// <summary>8.6 of 86.</summary>
    public static string ComputeVersion(int capability) =>
        string.Create(CultureInfo.InvariantCulture, $"{capability / 10}.{capability % 10}");

    /// <summary>12.8 of 12080.</summary>
    public static string CudaVersion(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");

    static int Ordinal(string device)
    {
        if (device.Equals("cuda", StringComparison.OrdinalIgnoreCase))
            return 0;
        return device.StartsWith("cuda:", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal)
            ? ordinal
            : -1;
    }

    static void Initialize()
    {
        if (Interlocked.Exchange(ref isResolved, 1) == 0)
            PackageDriver.Resolve(Package, Library);
        try
        {
            CUResult result = cuInit(CUInitializationFlags.None);
            if (result != CUResult.Success)
                throw KernelCodes.NoCuda.With(
                    CudaErrors.WithCure(
                        KernelCodes.NoCuda, $"no CUDA device can be used: {CudaErrors.Text(result, nameof(cuInit))}{Reason(result)}"));
        }
        catch (Exception absent) when (absent is DllNotFoundException or BadImageFormatException)
        {
            throw KernelCodes.NoCuda.With(
                CudaErrors.WithCure(KernelCodes.NoCuda, $"no CUDA driver: {Library} is not there"), inner: absent);
        }
    }

    static string Reason(CUResult result) => result switch
    {
        CUResult.ErrorNoDevice => "; `nvidia-smi` lists what the driver sees, CUDA_VISIBLE_DEVICES may hide it, and a container has none "
            + "unless it is given one (--gpus all)",
        CUResult.ErrorUnknown =>
            "; the driver's kernel modules may not be loaded (`nvidia-modprobe -u`), or this user may not open /dev/nvidia*",
        CUResult.ErrorSystemDriverMismatch => "; the driver's library and kernel module are of different versions: restart the machine, or "
            + "the container with its host's libraries",
        CUResult.ErrorStubLibrary =>
            "; the libcuda that was found is the toolkit's empty one, not the driver's: take its folder out of LD_LIBRARY_PATH",
        _ => "",
    };

    static int Count()
    {
        int count = 0;
        CudaErrors.CheckWithoutDevice(DeviceManagement.cuDeviceGetCount(ref count));
        return count > 0 ? count
            : throw KernelCodes.NoCuda.With(
                CudaErrors.WithCure(KernelCodes.NoCuda, "the CUDA driver lists no device (CUDA_VISIBLE_DEVICES may hide them)"));
    }

    static CUdevice Handle(int ordinal)
    {
        CUdevice device = default;
        CudaErrors.CheckWithoutDevice(DeviceManagement.cuDeviceGet(ref device, ordinal));
        return device;
    }

    static CudaDeviceDescription Describe(CUdevice device, int ordinal, int driverVersion)
    {
        byte[] name = new byte[256], bus = new byte[32];
        SizeT bytes = default;
        CudaErrors.CheckWithoutDevice(DeviceManagement.cuDeviceGetName(name, name.Length, device));
        CudaErrors.CheckWithoutDevice(DeviceManagement.cuDeviceGetPCIBusId(bus, bus.Length, device));
        CudaErrors.CheckWithoutDevice(DeviceManagement.cuDeviceTotalMem_v2(ref bytes, device));
        int capability =
            10 * Attribute(device, CUDeviceAttribute.ComputeCapabilityMajor) + Attribute(device, CUDeviceAttribute.ComputeCapabilityMinor);
        DeviceFacts facts = new(
            Text(name), capability, Attribute(device, CUDeviceAttribute.MultiProcessorCount), (long)(ulong)bytes,
            Attribute(device, CUDeviceAttribute.MaxSharedMemoryPerBlockOptin), driverVersion);
        return new(ordinal, Text(bus), facts);
    }

    static int Attribute(CUdevice device, CUDeviceAttribute attribute)
    {
        int value = 0;
        CudaErrors.CheckWithoutDevice(DeviceManagement.cuDeviceGetAttribute(ref value, attribute, device));
        return value;
    }

    static string Text(byte[] terminated) => Encoding.UTF8.GetString(terminated.AsSpan(0, Math.Max(Array.IndexOf(terminated, (byte)0), 0)));
}
