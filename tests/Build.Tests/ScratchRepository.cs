using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Harness.Manifests;
using Harness.Tests.Shared;

namespace Build.Tests;

/// <summary>
/// A copy of what experiments need of the repository, in a folder whose name has a space, an apostrophe and letters outside ASCII,
/// run by the program that lies beside the tests. Removed when disposed.
/// </summary>
sealed class ScratchRepository : IDisposable
{
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "harness.dll");
    static readonly Dictionary<string, string> NoVariables = [];

    public ScratchRepository()
    {
        Root = Path.Combine(Path.GetTempPath(), $"harness's scratch é数 {Guid.NewGuid():N}");
        CopyFolder(Path.Combine(Repository.Root, "harness", "build"), Path.Combine(Root, "harness", "build"));
        Directory.CreateDirectory(Path.Combine(Root, "results"));
        foreach (string file in (string[])["Results.proj", "Directory.Build.rsp"])
            File.Copy(Path.Combine(Repository.Root, "results", file), Path.Combine(Root, "results", file));
    }

    public string Root { get; }

    public string Results(string experiment, params string[] parts) => Path.Combine([Root, "results", experiment, .. parts]);

    public string Artifacts(string experiment, params string[] parts) => Path.Combine([Root, "artifacts", experiment, .. parts]);

    /// <summary>Writes results/NAME/NAME.proj and puts the embedded model beside it.</summary>
    public void Write(string experiment, string manifest, bool withModel = true)
    {
        Directory.CreateDirectory(Results(experiment));
        File.WriteAllText(Results(experiment, $"{experiment}.proj"), manifest);
        if (withModel)
            CopyFolder(Path.Combine(Repository.Root, "results", "base-model", "model"), Results(experiment, "model"));
    }

    /// <summary>dotnet build of a folder under results/ (or of all, named ".") with the prebuilt program.</summary>
    public BuildOutcome Build(string experiment, params string[] arguments) => BuildIn(NoVariables, experiment, arguments);

    public BuildOutcome BuildIn(IReadOnlyDictionary<string, string> environment, string experiment, params string[] arguments) =>
        Dotnet(["build", Path.Combine("results", experiment), $"-p:HarnessProgram={Program}", .. arguments], environment);

    /// <summary>A build, running.</summary>
    public Process StartBuild(string experiment, params string[] arguments) => Process.Start(StartInfo(
        ["build", Path.Combine("results", experiment), $"-p:HarnessProgram={Program}", .. arguments], NoVariables))!;

    /// <summary>The program itself, without MSBuild.</summary>
    public BuildOutcome Run(params string[] arguments) => RunIn(Root, arguments);

    /// <summary>The program itself, in a folder.</summary>
    public BuildOutcome RunIn(string folder, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo([Program, .. arguments], NoVariables);
        start.WorkingDirectory = folder;
        return Finish(start);
    }

    /// <summary>The program itself with environment variables.</summary>
    public BuildOutcome RunWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Finish(StartInfo([Program, .. arguments], environment));

    /// <summary>The program, running.</summary>
    public Process Start(params string[] arguments) => Process.Start(StartInfo([Program, .. arguments], NoVariables))!;

    public BuildOutcome Dotnet(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        Finish(StartInfo(arguments, environment));

    /// <summary>A command of a shell, on a terminal; the output is what the terminal was given.</summary>
    public BuildOutcome OnTerminal(string command)
    {
        ProcessStartInfo start = StartInfo([], new Dictionary<string, string> { ["TERM"] = "xterm-256color" });
        start.FileName = "script";
        foreach (string argument in (string[])["-q", "-e", "-c", command, "/dev/null"])
            start.ArgumentList.Add(argument);
        return Finish(start);
    }

    static BuildOutcome Finish(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new BuildOutcome(process.ExitCode, output + errors.Result);
    }

    /// <summary>The resolved manifest as the program reads it, after a build of any target that resolves it.</summary>
    public RawManifest Resolved(string experiment) => Read(Artifacts(experiment, "manifest.json"));

    /// <summary>The one manifest that a command line has changed.</summary>
    public RawManifest Overridden(string experiment) => Read(Directory.GetFiles(Artifacts(experiment), "manifest-*.json").Single());

    /// <summary>Name and content of each file directly in the experiment's folder: what is committed, the model left out.</summary>
    public SortedDictionary<string, string> Committed(string experiment)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Results(experiment)))
            files.Add(Path.GetFileName(file), Convert.ToHexString(File.ReadAllBytes(file)));
        return files;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static void CopyFolder(string source, string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(destination, Path.GetFileName(file)), overwrite: true);
        foreach (string folder in Directory.EnumerateDirectories(source).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
            CopyFolder(folder, Path.Combine(destination, Path.GetFileName(folder)));
    }

    static RawManifest Read(string manifest) => JsonSerializer.Deserialize<RawManifest>(File.ReadAllBytes(manifest))!;

    ProcessStartInfo StartInfo(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // What `dotnet test` sets for its own MSBuild is not for this one; nodes and servers that stay would hold the output open.
        foreach (string inherited in start.Environment.Keys.Where(IsOfMSBuild).ToArray())
            start.Environment.Remove(inherited);
        start.Environment.Remove("HARNESS_DATA");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return start;
    }

    static bool IsOfMSBuild(string variable) => variable.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase);
}
