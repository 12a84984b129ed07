using System.Formats.Tar;
using System.IO.Compression;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>All parts of the proof, one after another; a part that breaks off does not keep the next from running.</summary>
sealed class ProofRun(ProofSettings settings, Proof proof)
{
    const string Archive = "harness-gpu-results.tar.gz";

    /// <summary>The share of the time that each part may take; what one leaves over, the next has.</summary>
    static readonly Dictionary<string, double> Shares =
        new() { ["kernels"] = 0.25, ["experiments"] = 0.3, ["throughput"] = 0.3, ["tools"] = 0.15 };

    public int Execute()
    {
        try
        {
            DescribeMachine();
        }
        catch (HarnessException absent)
        {
            Console.Error.WriteLine($"error {absent.Diagnostic.Code}: {absent.Message}");
            return 2;
        }
        // On a thread that ends with the program: a kernel that hangs does not keep the results of the others.
        if (!Task.Run(RunParts).Wait(settings.Limit))
            proof.Fail($"not ended within {settings.Limit.TotalMinutes:G3} minutes: what the log has last was running");
        proof.Line($"{proof.Elapsed.TotalSeconds:F0} s in all; results in {Path.Combine(settings.Output, Archive)}");
        string summary = $"{proof.Passed} passed, {proof.Failed} failed";
        File.WriteAllText(Path.Combine(settings.Output, "summary.txt"), $"{summary}\n");
        proof.Line(summary, toConsole: false);
        Pack();
        Console.WriteLine(summary);
        return proof.Failed == 0 && proof.Passed > 0 ? 0 : 1;
    }

    void RunParts()
    {
        foreach (string part in Parts())
            proof.Part(part, settings.Limit * Shares[part], time => Run(part, time));
    }

    /// <summary>Without a GPU there is nothing but the experiments to run: whether the bundle itself is whole.</summary>
    IEnumerable<string> Parts() => settings.IsProcessor ? ["experiments"] : ProofSettings.AllParts.Where(settings.Parts.Contains);

    void Run(string part, TimeSpan time)
    {
        switch (part)
        {
            case "kernels":
                new KernelPart(settings, proof).Run(time);
                break;
            case "experiments":
                new ExperimentPart(settings, proof).Run(time);
                break;
            case "throughput":
                new ThroughputPart(settings, proof).Run(time);
                break;
            default:
                new ToolPart(settings, proof).Run(time);
                break;
        }
    }

    void DescribeMachine()
    {
        if (settings.IsProcessor)
        {
            proof.Line("on the CPU, to try the bundle: nothing of a GPU is proven");
            return;
        }
        CudaDeviceDescription gpu = CudaDevices.Find(settings.Device);
        DeviceFacts facts = gpu.Facts;
        proof.Line($"{facts.Name}: compute capability {CudaDevices.ComputeVersion(facts.ComputeCapability)}, {facts.Multiprocessors} "
            + "multiprocessors, "
            + $"{facts.TotalBytes / (1 << 20):N0} MB; driver for CUDA {CudaDevices.CudaVersion(facts.DriverVersion)}; package "
            + $"ManagedCuda-12 {CudaDevices.PackageVersion}");
        string commit = Path.Combine(settings.Root, "commit");
        if (File.Exists(commit))
            proof.Line($"commit {File.ReadAllText(commit).Trim()}");
    }

    void Pack()
    {
        string aside = Path.Combine(settings.Output, $"{Archive}.part");
        using (FileStream file = File.Create(aside))
        using (GZipStream compressed = new(file, CompressionLevel.Optimal))
        using (TarWriter tar = new(compressed, TarEntryFormat.Pax))
        {
            foreach (string path in Directory.EnumerateFiles(settings.Output, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal))
            {
                string name = Path.GetRelativePath(settings.Output, path);
                if (!name.StartsWith(Archive, StringComparison.Ordinal)
                    && !name.StartsWith(ExperimentPart.Artifacts, StringComparison.Ordinal))
                    tar.WriteEntry(path, name);
            }
        }
        File.Move(aside, Path.Combine(settings.Output, Archive), overwrite: true);
    }
}
