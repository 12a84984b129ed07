using System.Diagnostics;

namespace Gpu;

/// <summary>A program that a check starts: its output goes to a file, and it is ended where it takes too long.</summary>
static class ToolProcess
{
    /// <summary>Everything that it wrote, by line.</summary>
    /// <exception cref="TimeoutException">It was not done in time.</exception>
    /// <exception cref="CheckFailedException">Its exit status is not 0.</exception>
    public static IReadOnlyList<string> Run(ProcessStartInfo start, string log, TimeSpan limit)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        List<string> lines = [];
        using (Process process = Process.Start(start)!)
        using (StreamWriter file = new(log))
        {
            void Take(string? line)
            {
                if (line is null)
                    return;
                lock (lines)
                {
                    lines.Add(line);
                    file.WriteLine(line);
                }
            }
            process.OutputDataReceived += (_, line) => Take(line.Data);
            process.ErrorDataReceived += (_, line) => Take(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                throw new TimeoutException($"not ended within {limit.TotalSeconds:F0} s; see {Path.GetFileName(log)} for what it found");
            }
            // Waits for the output as well.
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new CheckFailedException($"exit status {process.ExitCode}, see {Path.GetFileName(log)}");
        }
        return lines;
    }

    /// <summary>The path of a program, or null where it is neither on the PATH nor in one of <paramref name="more"/>.</summary>
    public static string? Find(string program, params string[] more) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(more)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
