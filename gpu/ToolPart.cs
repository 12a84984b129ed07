using System.Diagnostics;

namespace Gpu;

/// <summary>NVIDIA's own checkers and profiler over the kernels, where they are installed: each in a process of its own.</summary>
sealed class ToolPart(ProofSettings settings, Proof proof)
{
    static readonly string[] Checkers = ["memcheck", "racecheck", "synccheck", "initcheck"];

    public void Run(TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan Left() => time - Stopwatch.GetElapsedTime(started);
        string sanitizer = Find("compute-sanitizer");
        foreach (string checker in Checkers)
        {
            if (sanitizer.Length == 0)
                proof.Line($"skipped {checker}: compute-sanitizer is not on the PATH");
            else if (Left() > TimeSpan.FromSeconds(10))
                proof.Check(
                    $"compute-sanitizer {checker}",
                    () => Execute(sanitizer, ["--tool", checker, "--error-exitcode", "9"], $"{checker}.log", Left() / 2));
            else
                proof.Line($"skipped {checker}: no time is left");
        }
        string profiler = Find("ncu");
        if (profiler.Length == 0)
            proof.Line("skipped the profile: ncu is not on the PATH");
        else if (Left() > TimeSpan.FromSeconds(10))
            proof.Check(
                "ncu", () => Execute(profiler, ["--clock-control", "none", "--launch-count", "200", "--csv"], "profile.csv", Left()));
    }

    void Execute(string tool, IEnumerable<string> arguments, string log, TimeSpan limit)
    {
        string inner = Path.Combine(settings.Output, "tools");
        ProcessStartInfo start = new(tool) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all = [
            .. arguments,
            Environment.ProcessPath!,
            "--parts",
            "kernels",
            "--small",
            "--device",
            settings.Device,
            "--root",
            settings.Root,
            "--output",
            inner];
        foreach (string argument in all)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        using StreamWriter file = new(Path.Combine(settings.Output, log));
        process.OutputDataReceived += (_, line) => Write(file, line.Data);
        process.ErrorDataReceived += (_, line) => Write(file, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"not ended within {limit.TotalSeconds:F0} s: nothing found until then, see {log}");
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"exit status {process.ExitCode}, see {log}");
    }

    static void Write(StreamWriter file, string? line)
    {
        lock (file)
        {
            if (line is not null)
                file.WriteLine(line);
        }
    }

    static string Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(["/usr/local/cuda/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? "";
}
