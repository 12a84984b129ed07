using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Kernels.Driver;

namespace Kernels.Tests.Ptx;

/// <summary>What NVIDIA's assembler says of one kernel. Spilled bytes are those of a thread.</summary>
sealed record AssembledKernel(string Name, int Registers, int SharedBytes, int StackBytes, int SpilledStores, int SpilledLoads);

/// <summary>What it says of a module.</summary>
/// <param name="Output">All that it wrote.</param>
sealed record AssembledModule(int Status, string Output, IReadOnlyList<AssembledKernel> Kernels, TimeSpan Time)
{
    public IEnumerable<string> Warnings => Output.Split('\n').Where(line => line.Contains("warning", StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// NVIDIA's ptxas, which makes of PTX what a card executes, as the driver's own compiler does: optional, of any CUDA toolkit.
/// </summary>
static partial class PtxAssembler
{
    public const string HowToGet =
        "ptxas is not on the PATH and PTXAS names none: install any CUDA toolkit (12 or newer, or 11.8 for sm_90)";
    static readonly Lazy<string?> Found = new(Find);

    public static string? Path => Found.Value;

    /// <summary>"V11.8.89", as the assembler has it.</summary>
    public static string Version()
    {
        string output = Run(["--version"]).Output;
        return VersionLine().Match(output) is { Success: true } line ? line.Groups[1].Value : output.Trim();
    }

    /// <summary>The text that a card of that architecture is given.</summary>
    public static string Text(string module, string architecture) =>
        architecture == "sm_90" ? PtxLibrary.WithDependentLaunch(PtxLibrary.Read(module)) : PtxLibrary.Read(module);

    public static AssembledModule Assemble(string module, string architecture) => AssembleText(Text(module, architecture), architecture);

    public static AssembledModule AssembleText(string text, string architecture)
    {
        string folder = Directory.CreateTempSubdirectory("harness-ptxas-").FullName;
        try
        {
            string source = System.IO.Path.Combine(folder, "module.ptx");
            File.WriteAllText(source, text);
            long start = TimeProvider.System.GetTimestamp();
            (int status, string output) =
                Run(["-v", $"-arch={architecture}", "-o", System.IO.Path.Combine(folder, "module.cubin"), source]);
            return new AssembledModule(status, output, Read(output), TimeProvider.System.GetElapsedTime(start));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The kernels of what "ptxas -v" writes.</summary>
    public static IReadOnlyList<AssembledKernel> Read(string output)
    {
        List<AssembledKernel> kernels = [];
        MatchCollection entries = Entry().Matches(output);
        for (int i = 0; i < entries.Count; i++)
        {
            int from = entries[i].Index, to = i + 1 < entries.Count ? entries[i + 1].Index : output.Length;
            string said = output[from..to];
            kernels.Add(new AssembledKernel(
                entries[i].Groups[1].Value,
                Number(Registers(), said) ?? throw new FormatException($"ptxas gives no registers: {said}"),
                Number(SharedBytes(), said) ?? 0, Number(Stack(), said) ?? 0, Number(Stores(), said) ?? 0, Number(Loads(), said) ?? 0));
        }
        return kernels;
    }

    static int? Number(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PTXAS") is { Length: > 0 } named)
            return named;
        string name = OperatingSystem.IsWindows() ? "ptxas.exe" : "ptxas";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    static (int Status, string Output) Run(string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path ?? throw new InvalidOperationException(HowToGet),
            arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    [GeneratedRegex(@"release [\d.]+, (V[\d.]+)")]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"Compiling entry function '(\w+)'")]
    private static partial Regex Entry();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex SharedBytes();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Stack();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex Stores();

    [GeneratedRegex(@"(\d+) bytes spill loads")]
    private static partial Regex Loads();
}
