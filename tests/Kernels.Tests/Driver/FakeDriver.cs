using System.Reflection;
using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Kernels.Tests.Driver;

/// <summary>A GPU of the fake driver.</summary>
sealed record FakeGpu(string Name, int Major, int Minor, int Multiprocessors, long Bytes, int SharedBytes, string PciBusId);

/// <summary>A kernel started: its entry, its shape as the driver got it, and a copy of its parameters.</summary>
/// <param name="Dependent">Whether it may start before the kernel before it has ended.</param>
sealed record FakeLaunch(string Entry, uint[] Grid, uint[] Block, uint SharedBytes, byte[] Parameters, bool Dependent);

/// <summary>
/// A CUDA driver without a GPU, in the place of libcuda: work that a real one does behind the program's back is done only when something
/// waits for it, so a program that does not wait sees old bytes, and one that reuses a source too early copies wrong ones. Kernels are
/// delegates. Handles are numbers, each released once.
/// </summary>
sealed partial class FakeDriver : IDisposable
{
    static FakeDriver current = null!;
    /// <summary>The context of this thread.</summary>
    [ThreadStatic]
    static nint entered;

    /// <summary>As a real driver, the fake is called by several threads at once.</summary>
    readonly Lock sync = new();
    readonly PropertyInfo find;
    readonly object? found;
    readonly Queue<Action> work = new();
    readonly Dictionary<nint, string> live = [];
    readonly Dictionary<nint, string> functions = [];
    readonly Dictionary<nint, List<Action>> graphs = [];
    readonly Dictionary<nint, FakeEvent> events = [];
    readonly Dictionary<nint, long> sizes = [];
    List<Action>? capture;
    sealed class FakeEvent
    {
        public double? Reached { get; set; }
    }

    nint lastHandle = 0x1000;
    double clock;

    /// <summary>Puts the fake in the driver's place until disposed.</summary>
    public FakeDriver()
    {
        find = CudaDevices.Package.GetType("ManagedCuda.DriverLibrary", throwOnError: true)!.GetProperty(
            "Find", BindingFlags.Static | BindingFlags.NonPublic)!;
        found = find.GetValue(null);
        Dictionary<string, nint> table = typeof(FakeDriver).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>() is not null)
            .ToDictionary(method => method.Name, method => method.MethodHandle.GetFunctionPointer());
        find.SetValue(null, (Func<string, nint>)(name => Absent ? throw new DllNotFoundException("no such library") : table[name]));
        current = this;
    }

    /// <summary>Ignores the tests of a fixture where the fake can't take the driver's place.</summary>
    public static void RequireStandIn()
    {
        if (!CudaDevices.PackageIsStandIn)
            Assert.Ignore($"the program runs with the package ManagedCuda-12 {CudaDevices.PackageVersion}, whose driver can't be replaced");
    }

    public int Version { get; set; } = 12080;

    public List<FakeGpu> Gpus { get; } =
    [
        new("Fake A100", 8, 0, 108, 1 << 26, 166912, "0000:65:00.0"),
        new("Fake H100", 9, 0, 132, 1 << 27, 232448, "0000:CA:00.0"),
    ];

    /// <summary>Whether there is no driver at all.</summary>
    public bool Absent { get; set; }

    /// <summary>Results of calls by name, given in place of what they do.</summary>
    public Dictionary<string, int> Results { get; } = [];

    /// <summary>What the compiler of PTX writes to its logs of errors and of facts.</summary>
    public (string Error, string Info) Logs { get; set; } = ("", "");

    /// <summary>What each entry does when it runs.</summary>
    public Dictionary<string, Action<FakeLaunch>> Kernels { get; } = [];

    /// <summary>Result of the kernels of an entry: as with a GPU it shows at a later call, and at every one from then on.</summary>
    public Dictionary<string, int> Faults { get; } = [];

    /// <summary>Every call with its plain arguments, in order.</summary>
    public List<string> Calls { get; } = [];

    public List<FakeLaunch> Launches { get; } = [];

    /// <summary>Called by the thread that loads a module, before it does.</summary>
    public Action BeforeLoad { get; set; } = () => { };

    /// <summary>PTX that was loaded, as the driver read it.</summary>
    public List<string> Modules { get; } = [];

    /// <summary>What a real driver would have crashed on.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>What was made and not released: "memory 256", "stream", "event 3" and so on.</summary>
    public IEnumerable<string> Live => live.Values;

    public int Sticky { get; private set; }

    public IEnumerable<string> CallsOf(string name) => Calls.Where(call => call.StartsWith(name + "(", StringComparison.Ordinal));

    public void Dispose() => find.SetValue(null, found);

    int Do(string call, Func<int> action, Action? before = null)
    {
        lock (sync)
            return DoAlone(call, action, before);
    }

    int DoAlone(string call, Func<int> action, Action? before)
    {
        Calls.Add(call);
        before?.Invoke();
        string name = call[..call.IndexOf('(')];
        if (Results.TryGetValue(name, out int result))
            return result;
        if (Sticky != 0 && !name.StartsWith("cuGetError", StringComparison.Ordinal))
            return Sticky;
        try
        {
            return action();
        }
        catch (Exception problem)
        {
            Problems.Add($"{call}: {problem.Message}");
            return 999;
        }
    }

    nint Make(string kind)
    {
        lastHandle += 0x10;
        live.Add(lastHandle, kind);
        return lastHandle;
    }

    void Expect(nint handle, string kind)
    {
        if (!live.TryGetValue(handle, out string? is_) || !is_.StartsWith(kind, StringComparison.Ordinal))
            throw new InvalidOperationException($"{handle:x} is no {kind}");
    }

    /// <summary>
    /// Releases do their work after a fault too, as the context's end does in a real driver, and still say that it failed.
    /// </summary>
    int Release(string name, nint handle, string kind, Action<nint>? also = null)
    {
        lock (sync)
            return ReleaseAlone(name, handle, kind, also);
    }

    int ReleaseAlone(string name, nint handle, string kind, Action<nint>? also)
    {
        int result = Do($"{name}()", () => 0);
        if (!live.TryGetValue(handle, out string? is_) || !is_.StartsWith(kind, StringComparison.Ordinal))
            Problems.Add($"{name}: {handle:x} is no {kind}");
        live.Remove(handle);
        also?.Invoke(handle);
        return result;
    }

    int Queue(Action step)
    {
        if (capture is null)
            work.Enqueue(step);
        else
            capture.Add(step);
        return 0;
    }

    /// <summary>Calls that a real driver refuses while a stream is captured.</summary>
    int NotCaptured(Func<int> action) => capture is null ? action() : 900;

    int Finish()
    {
        while (Sticky == 0 && work.TryDequeue(out Action? step))
        {
            step();
            clock++;
        }
        return Sticky;
    }

    void Start(FakeLaunch launch)
    {
        Launches.Add(launch);
        if (Faults.TryGetValue(launch.Entry, out int fault))
            Sticky = fault;
        else if (Kernels.TryGetValue(launch.Entry, out Action<FakeLaunch>? kernel))
            kernel(launch);
    }
}
