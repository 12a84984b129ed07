using System.CommandLine;
using System.Runtime.InteropServices;
using Harness.Engines;
using Harness.Engines.Kernels;
using Harness.Figures;
using Harness.Identity;
using Harness.Kernels;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Numerics;
using Harness.Measurement;
using Harness.Records;

namespace Harness.Commands;

/// <summary>harness doctor: what this machine offers to experiments.</summary>
static class DoctorCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("doctor", "Say what this machine has: instruction sets, GPUs, packages in use, models and data.") { json };
        command.SetAction(parsed =>
        {
            Findings findings = Examine();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonStyle.Write(findings));
            else
                Print(findings);
            return ExitCodes.Success;
        });
        return command;
    }

    static Findings Examine()
    {
        KernelEngine engine = new();
        MachineFacts machine = engine.Describe(Precision.W8A8, new Placement());
        string? variable = Environment.GetEnvironmentVariable("HARNESS_DATA");
        string data = string.IsNullOrEmpty(variable)
            ? Path.Combine(ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory), "data")
            : Path.GetFullPath(variable);
        (string? driver, Gpu[] gpus, string? unusable) = Gpus();
        return new Findings
        {
            Machine = machine.Name,
            System = RuntimeInformation.OSDescription,
            Runtime = RuntimeInformation.FrameworkDescription,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            Processors = Environment.ProcessorCount,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            InstructionSets = [.. InstructionSets.Supported.Select(set => set.ToString().ToLowerInvariant())],
            Isa = machine.Isa,
            Numerics = Numerics(engine.CheckNumerics(new Placement())),
            CudaDriver = driver,
            Gpus = gpus,
            NoGpuReason = unusable,
            Packages = [.. PackagesInUse.All().Select(package => new Package(package.Name, package.Version))],
            Renderer = FigureRenderer.Name,
            DataFolder = data,
            DataFolderExists = Directory.Exists(data),
            Found = [.. Found(data)],
        };
    }

    static void Print(Findings findings)
    {
        Console.WriteLine($"machine: {findings.Machine}");
        Console.WriteLine($"system: {findings.System}, {findings.Runtime}, {findings.Architecture}");
        Console.WriteLine($"processors: {findings.Processors}");
        Console.WriteLine($"memory: {findings.MemoryBytes / (1 << 20)} MB");
        Console.WriteLine($"instruction sets: {string.Join(", ", findings.InstructionSets)} (in use: {findings.Isa})");
        Console.WriteLine($"numerics: {findings.Numerics.About}");
        if (findings.CudaDriver is not null)
            Console.WriteLine($"CUDA driver: {findings.CudaDriver}");
        foreach (Gpu gpu in findings.Gpus)
            Console.WriteLine($"GPU {gpu.Device}: {gpu.About}");
        if (findings.NoGpuReason is not null)
            Console.WriteLine($"GPUs: none can be used: {findings.NoGpuReason}");
        foreach (Package package in findings.Packages)
            Console.WriteLine($"package {package.Name}: {package.Version}");
        Console.WriteLine($"renderer: {findings.Renderer}");
        Console.WriteLine($"data folder: {findings.DataFolder}{(findings.DataFolderExists ? "" : " (absent; set HARNESS_DATA)")}");
        foreach (FoundFile found in findings.Found)
            Console.WriteLine($"found {found.Path}: {(found.Bytes is { } bytes ? $"{bytes} bytes" : "Hugging Face folder")}");
    }

    static NumericsFindings Numerics(NumericsCheck check) => new(
        NumericsVersion.Current, check.Units, check.First?.Unit.Name, check.First?.Form.Name, check.ToString());

    /// <summary>The CUDA driver and its GPUs, or why none can be used.</summary>
    static (string? Driver, Gpu[] Gpus, string? Unusable) Gpus()
    {
        try
        {
            CudaDeviceDescription[] gpus = [.. CudaDevices.List()];
            Gpu[] described = [.. gpus.Select(gpu => new Gpu($"cuda:{gpu.Ordinal}", Describe(gpu)))];
            return (CudaDevices.CudaVersion(gpus[0].Facts.DriverVersion), described, null);
        }
        catch (HarnessException unusable)
        {
            return (null, [], $"{unusable.Message}{Installed()}");
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

    /// <summary>GPUs that the NVIDIA kernel module lists; no library of NVIDIA's is needed for that.</summary>
    static string Installed()
    {
        const string driver = "/proc/driver/nvidia/gpus";
        if (!Directory.Exists(driver))
            return "";
        string[] names = [.. Directory.EnumerateFiles(driver, "information", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => line.StartsWith("Model:", StringComparison.Ordinal))
            .Select(line => line[6..].Trim())];
        return names.Length == 0 ? "" : $" (installed: {string.Join(", ", names)})";
    }

    /// <summary>Models and data under the data folder.</summary>
    static IEnumerable<FoundFile> Found(string data)
    {
        EnumerationOptions inner = new() { RecurseSubdirectories = true, MaxRecursionDepth = 3 };
        string[] files = [.. new[] { Path.Combine(data, "models"), Path.Combine(data, "data") }.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", inner))];
        return files.Where(file => Path.GetExtension(file) is ".gguf" or ".jsonl" or ".csv")
            .Select(file => (Path: file, Bytes: (long?)new FileInfo(file).Length))
            .Concat(files.Where(file => Path.GetFileName(file) == "config.json")
                .Select(file => (Path: Path.GetDirectoryName(file)!, Bytes: (long?)null)))
            .OrderBy(found => found.Path, StringComparer.Ordinal)
            .Select(found => new FoundFile(Path.GetRelativePath(data, found.Path), found.Bytes));
    }

    sealed record Findings
    {
        public required string Machine { get; init; }
        public required string System { get; init; }
        public required string Runtime { get; init; }
        public required string Architecture { get; init; }
        public required int Processors { get; init; }
        public required long MemoryBytes { get; init; }
        public required IReadOnlyList<string> InstructionSets { get; init; }

        /// <summary>The instruction set that w8a8 uses.</summary>
        public required string Isa { get; init; }
        public required NumericsFindings Numerics { get; init; }
        public required string? CudaDriver { get; init; }
        public required IReadOnlyList<Gpu> Gpus { get; init; }

        /// <summary>Why no GPU can be used; null where one can.</summary>
        public required string? NoGpuReason { get; init; }
        public required IReadOnlyList<Package> Packages { get; init; }
        public required string Renderer { get; init; }
        public required string DataFolder { get; init; }
        public required bool DataFolderExists { get; init; }
        public required IReadOnlyList<FoundFile> Found { get; init; }
    }

    /// <param name="Version">Of the exact arithmetic.</param>
    /// <param name="Units">Parts of it whose bits were compared with those of the version, on the CPU.</param>
    /// <param name="Differs">The smallest that has other bits; null where none has.</param>
    /// <param name="Form">Its instruction set; null where none has other bits.</param>
    sealed record NumericsFindings(int Version, int Units, string? Differs, string? Form, string About);

    sealed record Gpu(string Device, string About);

    sealed record Package(string Name, string Version);

    /// <param name="Path">Relative to the data folder.</param>
    /// <param name="Bytes">Null for a Hugging Face folder.</param>
    sealed record FoundFile(string Path, long? Bytes);
}
