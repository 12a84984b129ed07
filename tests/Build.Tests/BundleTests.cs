using System.Diagnostics;
using Harness.Tests.Shared;

namespace Build.Tests;

/// <summary>The bundle for machines with a GPU, made and tried on the CPU.</summary>
public sealed class BundleTests
{
    const long LargestBundle = 25_000_000;

    [Explicit("makes the bundle, which takes minutes: dotnet test tests/Build.Tests --filter BundleTests")]
    [Test]
    public void The_bundle_is_small_and_whole()
    {
        using Process make = Process.Start(new ProcessStartInfo("dotnet",
            ["build", "gpu", "-t:Bundle"])
        { WorkingDirectory = Repository.Root })!;
        make.WaitForExit();
        Assert.That(make.ExitCode, Is.Zero);
        string folder = Path.Combine(Repository.Root, "artifacts", "gpu");
        Assert.That(new FileInfo(Path.Combine(folder, "harness-gpu.tar.gz")).Length, Is.LessThan(LargestBundle));
        string manifest = File.ReadAllText(Path.Combine(folder, "harness-gpu", "manifests", "svamp-smollm2.json"));
        Assert.That(manifest, Does.Contain("""
            "StopStrings": "\\n"
            """), "a pool's text as its project has it");
        Assert.That(manifest, Does.Not.Contain(Repository.Root));
        string programs = Path.Combine(folder, "harness-gpu", "bin");
        Assert.That(
            Directory.EnumerateFiles(programs, "ManagedCuda*.dll").Select(Path.GetFileName),
            Is.EqualTo(new[] { "ManagedCuda.Builtin.dll" }));
        using Process prove = Process.Start(new ProcessStartInfo(Path.Combine(folder, "harness-gpu", "prove"),
            ["--device", "cpu"])
        { RedirectStandardOutput = true })!;
        string output = prove.StandardOutput.ReadToEnd();
        prove.WaitForExit();
        Assert.That(prove.ExitCode, Is.Zero, output);
        Assert.That(output.TrimEnd().Split('\n')[^1], Does.Match("^[1-9][0-9]* passed, 0 failed$"));
        Assert.That(Path.Combine(folder, "harness-gpu", "output", "harness-gpu-results.tar.gz"), Does.Exist);
    }
}
