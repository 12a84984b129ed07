using System.Xml.Linq;
using Harness.Experiments;
using Harness.Identity;
using Harness.Manifests;

namespace Harness.Tests.Experiments.Fakes;

/// <summary>An experiment in a folder of its own, evaluated from its XML as MSBuild would; removed with everything in it.</summary>
sealed class ScratchExperiment : IDisposable
{
    public const string Demo = """
        <Project DefaultTargets="Build">
          <PropertyGroup>
            <Title>What a vote buys on sums</Title>
            <Model>model.bin</Model>
            <Seed>7</Seed>
          </PropertyGroup>
          <ItemGroup>
            <Pool Include="sums" Task="sum" Prompt="direct" Difficulty="3;4" Problems="6" Samples="4" Temperature="1" />
            <Pool Include="greedy" Task="sum" Prompt="direct" Difficulty="3;4" Problems="6" Samples="1" Temperature="0" />
            <Strategy Include="majority-vote" Pool="sums" Multipliers="1;2;4" />
            <Strategy Include="coverage" Pool="sums" Multipliers="1;4" />
            <Strategy Include="greedy" Pool="greedy" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>The files that a run of <see cref="Demo"/> commits, in ordinal order.</summary>
    public static readonly string[] Committed =
    [
        "README.md", "accuracy-flops.svg", "accuracy.csv", "accuracy.svg", "comparisons.csv", "coverage.svg", "frontier.csv",
        "frontier.svg", "problems.csv", "run.json", "samples.csv",
    ];

    public ScratchExperiment(string xml = Demo)
    {
        Root = Directory.CreateTempSubdirectory("harness-").FullName;
        Folder = Path.Combine(Root, "results", "demo");
        Directory.CreateDirectory(Folder);
        Write(xml);
        File.WriteAllBytes(Path.Combine(Folder, "model.bin"), [1, 2, 3]);
    }

    public string Root { get; }
    public string Folder { get; }
    public string Project => Path.Combine(Folder, "demo.proj");
    public string Artifacts => Path.Combine(Root, "artifacts", "demo");
    public string Log(string pool) => Path.Combine(Artifacts, $"{pool}.generations");
    public string Result(string name) => Path.Combine(Folder, name);

    public void Write(string xml) => File.WriteAllText(Project, xml);

    /// <summary>The manifest as MSBuild would resolve it.</summary>
    public RawManifest Raw(Dictionary<string, string>? placement = null, string[]? overrides = null)
    {
        XElement root = XElement.Load(Project);
        return new RawManifest
        {
            Schema = 1,
            Name = "demo",
            Project = Project,
            Properties = root.Elements("PropertyGroup").Elements()
                .Where(element => AttributeTable.ExperimentProperties.Has(element.Name.LocalName))
                .ToDictionary(element => element.Name.LocalName, element => element.Value),
            Pools = Items(root, "Pool"),
            Strategies = Items(root, "Strategy"),
            Gates = Items(root, "Gate"),
            Data = Items(root, "Data"),
            Trains = Items(root, "Train"),
            Evaluations = Items(root, "Evaluation"),
            Laws = Items(root, "Law"),
            Placement = placement ?? [],
            Overrides = overrides ?? [],
        };
    }

    public ResolvedExperiment Resolve(ScriptedEngine host, Dictionary<string, string>? placement = null, string[]? overrides = null) =>
        ResolvedExperiment.Resolve(Raw(placement, overrides), host.Registered);

    /// <summary>Runs it; returns what was printed.</summary>
    public string Run(ScriptedEngine host, bool rebuild = false, CancellationToken cancellation = default)
    {
        using StringWriter output = new();
        using (RunConsole console = new(output, live: false))
            new ExperimentRun(Resolve(host), console, new RunOptions(rebuild)).Execute(cancellation);
        return output.ToString();
    }

    /// <summary>Name and bytes of each committed file.</summary>
    public Dictionary<string, byte[]> Results() => Directory.EnumerateFiles(Folder)
        .Where(file => Path.GetFileName(file) is not ("demo.proj" or "model.bin"))
        .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    public void DeleteResults()
    {
        foreach (string name in Results().Keys)
            File.Delete(Result(name));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    static IReadOnlyDictionary<string, string>[] Items(XElement root, string item) =>
    [
        .. root.Elements("ItemGroup").Elements().Where(element => element.Name.LocalName == item)
            .Select(element => element.Attributes().ToDictionary(attribute => attribute.Name.LocalName, attribute => attribute.Value)),
    ];
}
