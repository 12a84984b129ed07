using System.Diagnostics;

namespace Gpu;

/// <summary>What was proven: checks that passed and failed, each a line of the log, and the time that is left.</summary>
sealed class Proof(TextWriter log, TimeSpan limit)
{
    readonly long started = Stopwatch.GetTimestamp();

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    public TimeSpan Left => limit - Elapsed;

    /// <summary>Runs one check; what it throws is its failure, and the rest goes on.</summary>
    public void Check(string name, Action check)
    {
        long begun = Stopwatch.GetTimestamp();
        Line($"begun   {name}", toConsole: false);
        try
        {
            check();
            Passed++;
            Line($"passed  {name} ({Stopwatch.GetElapsedTime(begun).TotalSeconds:F2} s)", toConsole: false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Fail($"{name}: {failure.Message}");
            if (failure is not (KernelCases.KernelMismatchException or Harness.Kernels.Diagnostics.HarnessException))
                Line(failure.ToString(), toConsole: false);
        }
    }

    /// <summary>Runs a part of the proof; where it breaks off, that is one failure, and the next part runs.</summary>
    public void Part(string name, TimeSpan share, Action<TimeSpan> part)
    {
        TimeSpan time = share < Left ? share : Left;
        if (time <= TimeSpan.Zero)
        {
            Fail($"{name}: no time is left");
            return;
        }
        Line($"== {name} (within {time.TotalSeconds:F0} s, {Elapsed.TotalSeconds:F0} s gone)");
        int passed = Passed, failed = Failed;
        try
        {
            part(time);
        }
        catch (Exception failure)
        {
            Fail($"{name} broke off: {failure.Message}");
            Line(failure.ToString(), toConsole: false);
        }
        Line($"   {Passed - passed} passed, {Failed - failed} failed");
    }

    public void Fail(string what)
    {
        Failed++;
        Line($"FAILED  {what}");
    }

    public void Line(string text, bool toConsole = true)
    {
        lock (log)
        {
            log.WriteLine(text);
            log.Flush();
            if (toConsole)
                Console.WriteLine(text);
        }
    }
}
