using System.Diagnostics;
using System.Globalization;

namespace Gpu;

/// <summary>NVIDIA's own checkers over the kernels, and its profiler over a step of each workload, where they are installed.</summary>
sealed class ToolPart(ProofSettings settings, Checks checks)
{
    const string Toolkit = "/usr/local/cuda/bin";

    /// <summary>What the profiler says where only an administrator may read the GPU's counters.</summary>
    const string NoRights = "ERR_NVGPUCTRPERM";

    static readonly string[] Checkers = ["memcheck", "racecheck", "synccheck", "initcheck"];

    /// <summary>Less is not worth a start; and what a check may take beyond its tool, to end it.</summary>
    static readonly TimeSpan Least = TimeSpan.FromSeconds(5), Margin = TimeSpan.FromSeconds(30);

    public void Run()
    {
        Sanitize();
        Profile();
    }

    void Sanitize()
    {
        if (ToolProcess.Find("compute-sanitizer", Toolkit) is not { } sanitizer)
        {
            checks.Skip("compute-sanitizer: it is not on the PATH");
            return;
        }
        foreach ((int index, string checker) in Checkers.Index())
        {
            // Half of the part's time for all checkers together, whatever of it is left.
            TimeSpan limit = checks.Left / ((2 * Checkers.Length) - index);
            Limited($"compute-sanitizer {checker}", limit, () => ToolProcess.Run(
                Around(sanitizer, ["--tool", checker, "--error-exitcode", "9"], Child("kernels", 0, limit, "--small")),
                InOutput($"{checker}.log"), limit));
        }
    }

    void Profile()
    {
        if (ToolProcess.Find("ncu", Toolkit) is not { } profiler)
        {
            checks.Skip("ncu: it is not on the PATH");
            return;
        }
        for (int work = 0; work < Workload.All.Count; work++)
        {
            int number = work;
            TimeSpan limit = checks.Left / (Workload.All.Count - work);
            Limited($"ncu, a decode step: {Workload.All[work].Name}", limit, () => Profile(profiler, number, limit));
        }
    }

    void Profile(string profiler, int work, TimeSpan limit)
    {
        string name = Workload.All[work].FileName, table = InOutput($"profile-{name}.csv");
        long started = Stopwatch.GetTimestamp();
        LaunchRange range = LaunchRange.Find(
                ToolProcess.Run(Child(Parts.StepLaunches, work, limit), InOutput($"launches-{name}.log"), limit))
            ?? throw new CheckFailedException($"its launches were not counted, see launches-{name}.log");
        string[] arguments =
        [
            "--clock-control", "none", "--csv", "--launch-skip", Text(range.Skip), "--launch-count", Text(range.Count),
        ];
        try
        {
            TimeSpan left = limit - Stopwatch.GetElapsedTime(started);
            ToolProcess.Run(Around(profiler, arguments, Child(Parts.DecodeSteps, work, limit)), table, Larger(left, Least));
        }
        catch (CheckFailedException) when (File.ReadAllText(table).Contains(NoRights, StringComparison.Ordinal))
        {
            throw new SkippedException("the GPU's counters are an administrator's here (NVIDIA's driver option "
                + "NVreg_RestrictProfilingToAdminUsers)");
        }
        if (!File.ReadLines(table).Any(line => line.StartsWith('"') && line.Contains("Duration", StringComparison.Ordinal)))
            throw new CheckFailedException($"it profiled nothing, see {Path.GetFileName(table)}");
    }

    /// <summary>A check that is left out where its time is over: a tool's time-out is no failure.</summary>
    void Limited(string name, TimeSpan limit, Action run) => checks.Check(name, Larger(limit, Least) + Margin, () =>
    {
        if (limit < Least)
            throw new SkippedException("no time is left");
        try
        {
            run();
        }
        catch (TimeoutException late)
        {
            throw new SkippedException(late.Message);
        }
    });

    /// <summary>This program for a part, with what it writes in a folder of its own.</summary>
    ProcessStartInfo Child(string part, int work, TimeSpan limit, params IEnumerable<string> more) => ProofRun.Self(
        settings with { Output = InOutput("tools") }, part, 0, Larger(limit, Least), ["--work", Text(work), .. more]);

    static ProcessStartInfo Around(string tool, IEnumerable<string> arguments, ProcessStartInfo program)
    {
        ProcessStartInfo start = new(tool) { WorkingDirectory = program.WorkingDirectory };
        foreach (string argument in (string[])[.. arguments, program.FileName, .. program.ArgumentList])
            start.ArgumentList.Add(argument);
        return start;
    }

    string InOutput(string name) => Path.Combine(settings.Output, name);

    static TimeSpan Larger(TimeSpan a, TimeSpan b) => a > b ? a : b;

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
