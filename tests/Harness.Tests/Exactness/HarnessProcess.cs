using System.Diagnostics;
using Harness.Tests.Shared;

namespace Harness.Tests.Exactness;

/// <summary>The built program, run as a process of its own.</summary>
sealed record HarnessProcess(int ExitCode, string Output, string Error)
{
    public static HarnessProcess Run(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start =
            new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "harness.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new HarnessProcess(process.ExitCode, output, error.Result);
    }
}
