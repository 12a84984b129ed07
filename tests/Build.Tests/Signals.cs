using System.Globalization;
using System.Runtime.InteropServices;

namespace Build.Tests;

/// <summary>Signals of Linux and macOS.</summary>
static partial class Signals
{
    public const int Interruption = 2, Termination = 15;
    const nint Default = 0, Ignored = 1;

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Send(int process, int signal);

    /// <summary>
    /// Starts a process that Ctrl-C interrupts. A test run that a script has put into the background ignores it, as all jobs there do, and
    /// so would every process that it starts.
    /// </summary>
    public static T Interruptible<T>(Func<T> start)
    {
        if (!IsInterruptionIgnored())
            return start();
        Handle(Interruption, Default);
        try
        {
            return start();
        }
        finally
        {
            Handle(Interruption, Ignored);
        }
    }

    static bool IsInterruptionIgnored()
    {
        const string status = "/proc/self/status", name = "SigIgn:";
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } ignored
            && (long.Parse(ignored.AsSpan(name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                & (1L << (Interruption - 1))) != 0;
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
