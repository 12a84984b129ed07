using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Harness.Engines;
using Harness.Engines.Kernels;
using Harness.Figures;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Measurement;

namespace Harness.Commands;

/// <summary>harness doctor: what this machine offers to experiments.</summary>
static class DoctorCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("doctor", "Say what this machine has: instruction sets, GPUs, packages in use, models and data.") { json };
        command.SetAction(parsed =>
        {
            (string Name, string Value)[] facts = [.. Facts()];
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(facts.ToDictionary(fact => fact.Name, fact => fact.Value), Indented));
            else
                Array.ForEach(facts, fact => Console.WriteLine($"{fact.Name}: {fact.Value}"));
            return ExitCodes.Success;
        });
        return command;
    }

    static IEnumerable<(string, string)> Facts()
    {
        MachineFacts machine = new KernelEngine().Describe(Precision.W8A8, new Placement());
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        yield return ("machine", machine.Name);
        yield return ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return ("processors", Environment.ProcessorCount.ToString());
        yield return ("memory", $"{memory.TotalAvailableMemoryBytes / (1 << 20)} MB");
        yield return ("instruction sets", string.Join(", ", InstructionSets.Supported).ToLowerInvariant() + $" (in use: {machine.Isa})");
        foreach ((string, string) gpu in Gpus())
            yield return gpu;
        foreach ((string name, string version) in PackagesInUse.All())
            yield return ($"package {name}", version);
        yield return ("renderer", FigureRenderer.Name);
        string data = ExperimentPaths.DataFolder(ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory));
        yield return ("data folder", Directory.Exists(data) ? data : $"{data} (absent; set HARNESS_DATA)");
        foreach (string found in Found(data))
            yield return ($"found {Path.GetRelativePath(data, found)}", Directory.Exists(found) ? "Hugging Face folder" : $"{new FileInfo(found).Length} bytes");
    }

    /// <summary>The CUDA driver and its GPUs, or why none can be used.</summary>
    static (string, string)[] Gpus()
    {
        try
        {
            CudaDeviceDescription[] gpus = [.. CudaDevices.List()];
            return [("CUDA driver", CudaDevices.CudaVersion(gpus[0].Facts.DriverVersion)), .. gpus.Select(gpu => ($"GPU cuda:{gpu.Ordinal}", Describe(gpu)))];
        }
        catch (HarnessException unusable)
        {
            return [("GPUs", $"none can be used: {unusable.Message}{Installed()}")];
        }
    }

    static string Describe(CudaDeviceDescription gpu)
    {
        using EnergyMeter? meter = EnergyMeter.TryOpen(gpu.PciBusId, out string reason);
        string energy = meter is null ? $"not measured, {reason}" : meter.HasCounter ? "counted" : "sampled";
        return $"{gpu.Facts.Name}, compute capability {CudaDevices.ComputeVersion(gpu.Facts.ComputeCapability)}, "
            + $"{gpu.Facts.TotalBytes >> 20} MB, {gpu.Facts.Multiprocessors} multiprocessors, PCI {gpu.PciBusId}, energy {energy}"
            + (CudaDevices.IsUsable(gpu.Facts) ? "" : " (too old for the kernels)");
    }

    /// <summary>GPUs that the NVIDIA kernel module lists, which no library of its is needed to see.</summary>
    static string Installed()
    {
        const string driver = "/proc/driver/nvidia/gpus";
        if (!Directory.Exists(driver))
            return "";
        string[] names = [.. Directory.EnumerateFiles(driver, "information", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.StartsWith("Model:", StringComparison.Ordinal)).Select(line => line[6..].Trim())];
        return names.Length == 0 ? "" : $" (installed: {string.Join(", ", names)})";
    }

    static IEnumerable<string> Found(string data)
    {
        string models = Path.Combine(data, "models"), tasks = Path.Combine(data, "data");
        IEnumerable<string> files = new[] { models, tasks }.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }));
        return files.Where(file => Path.GetExtension(file) is ".gguf" or ".jsonl" or ".csv")
            .Concat(files.Where(file => Path.GetFileName(file) == "config.json").Select(file => Path.GetDirectoryName(file)!))
            .Order(StringComparer.Ordinal);
    }
}
