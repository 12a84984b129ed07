using System.Diagnostics;
using Harness.Tests.Shared;

namespace Gpu.Tests;

/// <summary>
/// The driver of libcuda.c, compiled here as libcuda.so.1 where the machine has a compiler, and the proof's program run with it. Whichever
/// form of the package ManagedCuda-12 is in use finds it as it finds a real driver.
/// </summary>
sealed class FakeCuda : IDisposable
{
    static readonly string[] Compilers = ["cc", "clang-14", "clang", "gcc"];

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("prove-");

    public FakeCuda(bool hasDriver = true)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("the fake driver is a Linux library");
        if (!hasDriver)
            return;
        string compiler = Compilers.FirstOrDefault(name => ToolProcess.Find(name) is not null)
            ?? throw new IgnoreException($"needs a C compiler: none of {string.Join(", ", Compilers)} is on the PATH");
        string source = Path.Combine(Repository.Root, "tests", "Gpu.Tests", "libcuda.c");
        ProcessStartInfo start = new(compiler,
            [
                "-shared", "-fPIC", "-pthread", "-O1", "-Wall", "-Wextra", "-Werror", "-o", Path.Combine(folder.FullName, "libcuda.so.1"),
                source,
            ]);
        ToolProcess.Run(start, InFolder("compiler.log"), TimeSpan.FromMinutes(2));
    }

    public string Output => InFolder("output");

    /// <summary>Every call of every process, in the order of time.</summary>
    public string[] Calls => File.Exists(InFolder("calls")) ? File.ReadAllLines(InFolder("calls")) : [];

    public string InFolder(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Runs prove; the path of programs is this folder alone, beside what .NET needs.</summary>
    public (int Status, string[] Lines) Prove(string arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all = [Path.Combine(AppContext.BaseDirectory, "prove.dll"), .. arguments.Split(' '), "--output", Output];
        foreach (string argument in all)
            start.ArgumentList.Add(argument);
        start.WorkingDirectory = Repository.Root;
        string path = string.Join(Path.PathSeparator, folder.FullName, "/usr/bin", "/bin");
        (string, string)[] own = [("LD_LIBRARY_PATH", folder.FullName), ("FAKE_CUDA_LOG", InFolder("calls")), ("PATH", path)];
        foreach ((string name, string value) in (IEnumerable<(string, string)>)[.. own, .. environment])
            start.Environment[name] = value;
        start.FileName = ToolProcess.Find("dotnet") ?? "dotnet";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, (output + error.Result).TrimEnd().Split('\n'));
    }

    /// <summary>Puts a script where prove looks for tools.</summary>
    public void AddTool(string name, string script)
    {
        File.WriteAllText(InFolder(name), $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(InFolder(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
