using System.Text;
using System.Text.Json.Nodes;
using Harness.Engines;
using Harness.Figures;
using Harness.Records;

namespace Harness.Measurement;

/// <summary>What a run records about its machine. It is measured, and never a part of an exact file.</summary>
public static class MachineRecords
{
    public const string FileName = "machine.json";

    /// <summary>machine.json: the machine, beside whose measurements the file lies in a folder under machines/.</summary>
    public static byte[] Machine(MachineFacts machine) => Write(new JsonObject
    {
        ["device"] = machine.Device,
        ["isa"] = machine.Isa,
        ["name"] = machine.Name,
        ["os"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        ["processors"] = Environment.ProcessorCount,
        ["runtime"] = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        ["schema"] = SchemaVersions.Machine,
        ["threads"] = machine.Threads,
    });

    /// <summary>throughput.csv and its plot; nothing where nothing was measured.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Throughput(IReadOnlyList<ThroughputRow> rows, MachineFacts machine)
    {
        if (rows.Count == 0)
            yield break;
        yield return (ThroughputTable.Csv.FileName, ThroughputTable.Csv.Write(rows));
        ThroughputPoint[] points =
            [.. rows.Select(row => new ThroughputPoint(row.Batch, row.TokensPerSecond, row.TokensPerSecondLow, row.TokensPerSecondHigh))];
        if (ExperimentFigures.ThroughputAgainstBatch(points, $"Throughput on {machine.Name}") is { } figure)
            yield return (figure.FileName, Encoding.UTF8.GetBytes(figure.Svg));
    }

    /// <summary>last-run.json: the commit, the packages and the times of one run.</summary>
    /// <param name="seconds">By stage.</param>
    public static byte[] Run(
        MachineFacts machine, string key, string? commit, IReadOnlyDictionary<string, double> seconds, long samples, long tokens) =>
        Write(new JsonObject
        {
            ["arguments"] = new JsonArray([.. Environment.GetCommandLineArgs().Skip(1).Select(argument => (JsonNode)argument)]),
            ["commit"] = commit,
            ["ended"] = DateTimeOffset.UtcNow.ToString("O"),
            ["key"] = key,
            ["machine"] = JsonNode.Parse(Machine(machine)),
            ["packages"] =
                new JsonObject(PackagesInUse.All().Select(package => KeyValuePair.Create(package.Name, (JsonNode?)package.Version))),
            ["samples_generated"] = samples,
            ["seconds"] = new JsonObject(seconds.Select(stage => KeyValuePair.Create(stage.Key, (JsonNode?)Math.Round(stage.Value, 3)))),
            ["tokens_generated"] = tokens,
        });

    static byte[] Write(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(JsonStyle.Indented) + "\n");
}
