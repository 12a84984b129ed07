using System.Diagnostics;
using System.Globalization;
using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>The clocks that a GPU runs at, read five times a second by nvidia-smi while something else is measured.</summary>
sealed class ClockReader : IDisposable
{
    const string Fields = "clocks.sm,clocks.mem,temperature.gpu";
    readonly Process? process;
    readonly List<(long Time, double[] Values)> read = [];

    ClockReader(Process? process) => this.process = process;

    /// <summary>A reader that knows nothing where nvidia-smi is not installed.</summary>
    public static ClockReader Start(CudaDeviceDescription gpu)
    {
        if (ToolProcess.Find("nvidia-smi") is not { } program)
            return new ClockReader(null);
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [$"--id={gpu.PciBusId}", $"--query-gpu={Fields}", "--format=csv,noheader,nounits", "-lms", "200"];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        ClockReader reader = new(process);
        process.OutputDataReceived += (_, line) => reader.Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return reader;
    }

    /// <summary>
    /// Medians since a time stamp of the stopwatch: MHz of the multiprocessors and of the memory, degrees; null where unknown.
    /// </summary>
    public (double? Multiprocessors, double? Memory, double? Degrees) Since(long time)
    {
        lock (read)
        {
            double[][] values = [.. read.Where(one => one.Time >= time).Select(one => one.Values)];
            return values.Length == 0 ? default : (Median(0), Median(1), Median(2));

            double Median(int field) => values.Select(one => one[field]).Order().ElementAt(values.Length / 2);
        }
    }

    public void Dispose()
    {
        if (process is null)
            return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    void Take(string? line)
    {
        string[] parts = line?.Split(',') ?? [];
        var values = new double[parts.Length];
        bool isWhole = parts.Length == 3 && parts.Index().All(part =>
            double.TryParse(part.Item, NumberStyles.Float, CultureInfo.InvariantCulture, out values[part.Index]));
        if (!isWhole)
            return;
        lock (read)
            read.Add((Stopwatch.GetTimestamp(), values));
    }
}
