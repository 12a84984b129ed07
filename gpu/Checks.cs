using System.Diagnostics;
using Harness.Kernels.Diagnostics;
using KernelCases;

namespace Gpu;

/// <summary>
/// The checks of one part, in the process that runs it. A failure other than wrong numbers ends the process, since a fault spoils all that
/// comes after it in one: who started it starts another for the rest.
/// </summary>
/// <param name="output">Read by who started the process.</param>
/// <param name="done">How many of the part's checks earlier processes have run.</param>
/// <param name="time">The part's share.</param>
sealed class Checks(TextWriter output, int done, TimeSpan time)
{
    readonly long started = Stopwatch.GetTimestamp();
    int count;

    public TimeSpan Left => time - Stopwatch.GetElapsedTime(started);

    public bool HasTime => Left > TimeSpan.Zero;

    /// <summary>A check failed, and the process went on.</summary>
    public bool HasFailed { get; private set; }

    /// <param name="limit">After so long it hangs.</param>
    /// <exception cref="BrokenOffException">It failed, and the process with it.</exception>
    public void Check(string name, TimeSpan limit, Action check)
    {
        int index = count++;
        if (index < done)
            return;
        Say(new CheckLine(CheckEvent.Begun, index, limit.TotalSeconds, name));
        long begun = Stopwatch.GetTimestamp();
        try
        {
            check();
        }
        catch (SkippedException skipped)
        {
            Say(new CheckLine(CheckEvent.Skipped, index, 0, $"{name}: {skipped.Message}"));
            return;
        }
        catch (Exception wrong) when (wrong is KernelMismatchException or CheckFailedException)
        {
            HasFailed = true;
            Say(new CheckLine(CheckEvent.Failed, index, 0, $"{name}: {wrong.Message}"));
            return;
        }
        catch (Exception failure)
        {
            if (failure is not HarnessException)
                Line(failure.ToString());
            Say(new CheckLine(CheckEvent.Failed, index, 0, $"{name}: {failure.Message}"));
            throw new BrokenOffException(failure);
        }
        Say(new CheckLine(CheckEvent.Passed, index, Stopwatch.GetElapsedTime(begun).TotalSeconds, name));
    }

    public void Skip(string what) => Say(new CheckLine(CheckEvent.Skipped, count, 0, what));

    public void Refuse(string why) => Say(new CheckLine(CheckEvent.Refused, count, 0, why));

    public void End() => Say(new CheckLine(CheckEvent.Ended, count, 0, ""));

    /// <summary>For people.</summary>
    public void Line(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }

    void Say(CheckLine line) => Line(line.ToString());
}
