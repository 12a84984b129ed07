using System.Runtime.InteropServices;
using System.Text;

namespace Harness.Kernels.Driver;

/// <summary>
/// Joules that a GPU has used since the meter was opened, as NVIDIA's management library (NVML) tells: its counter of energy, or, on GPUs
/// without one, its power sampled over time. Both are of the whole GPU, with whatever else runs on it.
/// </summary>
public sealed unsafe class EnergyMeter : IEnergyMeter
{
    const int Success = 0;
    static readonly TimeSpan SamplePeriod = TimeSpan.FromMilliseconds(100);
    static readonly string Library = OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1";

    readonly Func<string, nint> functions;
    readonly TimeProvider time;
    readonly nint device;
    readonly Lock sampling = new();
    readonly ITimer? sampler;
    readonly ulong first;
    double sampledJoules;
    double lastWatts;
    long lastTime;
    bool disposed;

    EnergyMeter(Func<string, nint> functions, TimeProvider time, nint device)
    {
        this.functions = functions;
        this.time = time;
        this.device = device;
        HasCounter = TryReadCounter(out first);
        if (HasCounter)
            return;
        lastWatts = ReadWatts() ?? throw new NotSupportedException("the GPU tells neither its energy nor its power");
        lastTime = time.GetTimestamp();
        sampler = time.CreateTimer(_ => Sample(), null, SamplePeriod, SamplePeriod);
    }

    /// <summary>Whether the GPU counts energy itself (Volta and later); else its power is sampled ten times a second.</summary>
    public bool HasCounter { get; }

    /// <summary>Joules since the meter was opened.</summary>
    /// <exception cref="InvalidOperationException">The GPU tells it no longer.</exception>
    public double Joules
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (HasCounter)
                return TryReadCounter(out ulong now) ? (now - first) / 1000.0
                    : throw new InvalidOperationException("the GPU no longer tells its energy");
            return Sample();
        }
    }

    /// <summary>The meter of the GPU at <paramref name="pciBusId"/>, or null where there is none.</summary>
    /// <param name="pciBusId">As CUDA writes it: "0000:65:00.0".</param>
    /// <param name="reason">Why there is none, else empty.</param>
    public static EnergyMeter? TryOpen(string pciBusId, out string reason)
    {
        if (NativeLibrary.TryLoad(Library, out nint library))
            return TryOpen(pciBusId, name => NativeLibrary.GetExport(library, name), TimeProvider.System, out reason);
        reason = $"{Library} is not there";
        return null;
    }

    /// <param name="functions">Addresses of NVML's functions by their exported names.</param>
    internal static EnergyMeter? TryOpen(string pciBusId, Func<string, nint> functions, TimeProvider time, out string reason)
    {
        reason = "";
        int started = 0;
        try
        {
            started = ((delegate* unmanaged<int>)functions("nvmlInit_v2"))();
            if (started != Success)
            {
                reason = $"nvmlInit_v2 returned {started}";
                return null;
            }
            nint device = 0;
            int found;
            fixed (byte* id = Encoding.ASCII.GetBytes(pciBusId + '\0'))
                found = ((delegate* unmanaged<byte*, nint*, int>)functions("nvmlDeviceGetHandleByPciBusId_v2"))(id, &device);
            if (found == Success)
                return new EnergyMeter(functions, time, device);
            reason = $"nvmlDeviceGetHandleByPciBusId_v2({pciBusId}) returned {found}";
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or NotSupportedException)
        {
            reason = missing.Message;
        }
        if (started == Success)
            ((delegate* unmanaged<int>)functions("nvmlShutdown"))();
        return null;
    }

    public void Dispose()
    {
        lock (sampling)
        {
            if (disposed)
                return;
            disposed = true;
            sampler?.Dispose();
            ((delegate* unmanaged<int>)functions("nvmlShutdown"))();
        }
    }

    /// <summary>Adds the energy since the last sample, by the mean of the powers at its ends, and gives all of it.</summary>
    double Sample()
    {
        lock (sampling)
        {
            if (disposed)
                return sampledJoules;
            // A reading that fails leaves the power as it was.
            double watts = ReadWatts() ?? lastWatts;
            long now = time.GetTimestamp();
            sampledJoules += (watts + lastWatts) / 2 * time.GetElapsedTime(lastTime, now).TotalSeconds;
            (lastWatts, lastTime) = (watts, now);
            return sampledJoules;
        }
    }

    /// <summary>Millijoules since the driver was loaded.</summary>
    bool TryReadCounter(out ulong millijoules)
    {
        ulong counted = 0;
        try
        {
            return ((delegate* unmanaged<nint, ulong*, int>)functions("nvmlDeviceGetTotalEnergyConsumption"))(device, &counted) == Success;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        finally
        {
            millijoules = counted;
        }
    }

    double? ReadWatts()
    {
        uint milliwatts = 0;
        return ((delegate* unmanaged<nint, uint*, int>)functions("nvmlDeviceGetPowerUsage"))(device, &milliwatts) == Success
            ? milliwatts / 1000.0
            : null;
    }
}
