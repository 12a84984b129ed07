using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Kernels.Tests.Driver;

/// <summary><see cref="EnergyMeter"/> on functions in the place of NVML's.</summary>
[NonParallelizable]
public sealed unsafe class EnergyMeterTests
{
    const string BusId = "0000:65:00.0";
    static readonly Dictionary<string, nint> Functions = new()
    {
        ["nvmlInit_v2"] = (nint)(delegate* unmanaged<int>)&Init,
        ["nvmlShutdown"] = (nint)(delegate* unmanaged<int>)&Shutdown,
        ["nvmlDeviceGetHandleByPciBusId_v2"] = (nint)(delegate* unmanaged<byte*, nint*, int>)&Handle,
        ["nvmlDeviceGetTotalEnergyConsumption"] = (nint)(delegate* unmanaged<nint, ulong*, int>)&Energy,
        ["nvmlDeviceGetPowerUsage"] = (nint)(delegate* unmanaged<nint, uint*, int>)&Power,
    };

    static int users, initResult, energyResult, powerResult;
    static ulong millijoules;
    static uint milliwatts;

    /// <summary>Time that stands until it is moved; each period that passes fires the timer once.</summary>
    sealed class Clock : TimeProvider, ITimer
    {
        TimerCallback? callback;
        TimeSpan period;
        long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (this.callback, this.period) = (callback, period);
            return this;
        }

        public void Pass(int periods)
        {
            for (int passed = 0; passed < periods; passed++)
            {
                ticks += period.Ticks;
                callback?.Invoke(null);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => callback = null;

        public ValueTask DisposeAsync() => throw new NotSupportedException();
    }

    [UnmanagedCallersOnly]
    static int Init()
    {
        users++;
        return initResult;
    }

    [UnmanagedCallersOnly]
    static int Shutdown()
    {
        users--;
        return 0;
    }

    [UnmanagedCallersOnly]
    static int Handle(byte* id, nint* device)
    {
        *device = 77;
        return Marshal.PtrToStringUTF8((nint)id) == BusId ? 0 : 6;
    }

    [UnmanagedCallersOnly]
    static int Energy(nint device, ulong* value)
    {
        *value = millijoules;
        return device == 77 ? energyResult : 2;
    }

    [UnmanagedCallersOnly]
    static int Power(nint device, uint* value)
    {
        *value = milliwatts;
        return device == 77 ? powerResult : 2;
    }

    [SetUp]
    public void Start() => (users, initResult, energyResult, powerResult, millijoules, milliwatts) = (0, 0, 0, 0, 5_000_000, 100_000);

    static EnergyMeter? Open(out string reason, TimeProvider? time = null, string? without = null, string busId = BusId) =>
        EnergyMeter.TryOpen(
        busId,
        name => name != without ? Functions[name] : throw new EntryPointNotFoundException($"no {name}"),
        time ?? TimeProvider.System,
        out reason);

    [Test]
    public void A_GPU_that_counts_energy_is_asked_for_it()
    {
        using EnergyMeter meter = Open(out string reason)!;
        Assert.That((meter.HasCounter, reason), Is.EqualTo((true, "")));
        Assert.That(meter.Joules, Is.Zero);
        millijoules += 12_345;
        Assert.That(meter.Joules, Is.EqualTo(12.345));
        energyResult = 15;
        Assert.Throws<InvalidOperationException>(() => _ = meter.Joules);
    }

    [TestCase(3, null), TestCase(0, "nvmlDeviceGetTotalEnergyConsumption")]
    public void Power_is_integrated_where_energy_is_not_counted(int result, string? without)
    {
        energyResult = result;
        Clock clock = new();
        using EnergyMeter meter = Open(out _, clock, without)!;
        Assert.That(meter.HasCounter, Is.False);
        clock.Pass(10);
        Assert.That(meter.Joules, Is.EqualTo(100).Within(1e-9));
        milliwatts = 300_000;
        clock.Pass(1);
        Assert.That(meter.Joules, Is.EqualTo(100 + 20).Within(1e-9), "the mean of 100 and 300 watts for a tenth of a second");
        powerResult = 15;
        clock.Pass(1);
        Assert.That(meter.Joules, Is.EqualTo(100 + 20 + 30).Within(1e-9));
    }

    [Test]
    public void A_closed_meter_samples_no_more()
    {
        energyResult = 3;
        Clock clock = new();
        EnergyMeter meter = Open(out _, clock)!;
        meter.Dispose();
        meter.Dispose();
        Assert.That(users, Is.Zero);
        Assert.Throws<ObjectDisposedException>(() => _ = meter.Joules);
    }

    [Test]
    public void A_library_that_does_not_start_says_why()
    {
        initResult = 9;
        Assert.That(Open(out string reason), Is.Null);
        Assert.That(reason, Is.EqualTo("nvmlInit_v2 returned 9"));
    }

    [Test]
    public void A_GPU_that_the_library_does_not_know_is_named()
    {
        Assert.That(Open(out string reason, busId: "0000:66:00.0"), Is.Null);
        Assert.That(reason, Does.Contain("0000:66:00.0"));
        Assert.That(users, Is.Zero);
    }

    [Test]
    public void A_GPU_that_tells_neither_has_no_meter()
    {
        (energyResult, powerResult) = (3, 3);
        Assert.That(Open(out string reason), Is.Null);
        Assert.That(reason, Is.EqualTo("the GPU tells neither its energy nor its power"));
        Assert.That(users, Is.Zero);
    }

    [Test]
    public void Without_the_library_there_is_no_meter()
    {
        if (NativeLibrary.TryLoad("libnvidia-ml.so.1", out _) || NativeLibrary.TryLoad("nvml.dll", out _))
            Assert.Ignore("this machine has NVIDIA's management library");
        Assert.That(EnergyMeter.TryOpen(BusId, out string reason), Is.Null);
        Assert.That(reason, Does.EndWith("is not there"));
    }
}
