using System.Diagnostics;

namespace Gpu;

/// <summary>What was proven: checks that passed, failed and were skipped, each a line of the log, and the time that is left.</summary>
sealed class Proof(TextWriter log, TimeSpan limit)
{
    readonly long started = Stopwatch.GetTimestamp();

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    public TimeSpan Left => limit - Elapsed;

    public string Summary => $"{Passed} passed, {Failed} failed";

    public void Begin(string what) => Line($"begun   {what}", toConsole: false);

    public void Pass(string what, double seconds)
    {
        Passed++;
        Line($"passed  {what} ({seconds:F2} s)", toConsole: false);
    }

    public void Fail(string what)
    {
        Failed++;
        Line($"FAILED  {what}");
    }

    public void Skip(string what)
    {
        Skipped++;
        Line($"skipped {what}");
    }

    public void Line(string text, bool toConsole = true)
    {
        log.WriteLine(text);
        log.Flush();
        if (toConsole)
            Console.WriteLine(text);
    }
}
