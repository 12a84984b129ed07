using System.Diagnostics;
using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Benchmarks.Laws;

/// <summary>The same once, without warming up: `dotnet run -c Release --project tests/Benchmarks -- --once laws`.</summary>
static class LawTimes
{
    public static void Print()
    {
        LawData points = ChinchillaPoints.Create();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        LawBootstrap bootstrap = ChinchillaPoints.Fit(points);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start), all = Environment.CpuUsage.TotalTime - before;
        Console.WriteLine($"{Environment.ProcessorCount} processors; seconds: elapsed, of all processors");
        Console.WriteLine($"{elapsed.TotalSeconds,7:F2} {all.TotalSeconds,7:F2}  chinchilla, {points.Points} points, "
            + $"{bootstrap.Refits} refits; intervals {string.Join(", ", bootstrap.Intervals.Select(Text))}");
    }

    static string Text(Interval interval) => FormattableString.Invariant($"{interval.Low:R} to {interval.High:R}");
}
