using System.Text;
using System.Text.Json.Nodes;
using Harness.Engines;
using Harness.Figures;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Measurement;

/// <summary>What a run records about its machine. It is measured, and never a part of an exact file.</summary>
public static class MachineRecords
{
    public const string FileName = "machine.json";

    /// <summary>Of an experiment's artifacts: what its last run here was.</summary>
    public const string LastRun = "last-run.json";

    /// <summary>Of an experiment's results: a folder a machine.</summary>
    public const string Folder = "machines";

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
        if (Plot(rows, machine.Name) is { } figure)
            yield return (figure.FileName, Encoding.UTF8.GetBytes(figure.Svg));
    }

    /// <summary>frontier.csv in this machine's seconds and joules; nothing where there is none.</summary>
    /// <param name="frontier">The exact one.</param>
    public static IEnumerable<(string Name, byte[] Content)> Frontier(
        IReadOnlyList<FrontierRow> frontier, IReadOnlyList<ThroughputRow> measured)
    {
        IReadOnlyList<FrontierRow> rows = MachineFrontier.Of(frontier, measured);
        return rows.Count == 0 ? [] : [(FrontierTable.Csv.FileName, FrontierTable.Csv.Write(rows))];
    }

    /// <summary>Draws the throughput.svg of every machine that a results folder has again, from its throughput.csv.</summary>
    /// <exception cref="HarnessException">HRN0503: a throughput.csv can't be read.</exception>
    public static void Redraw(string results)
    {
        string machines = Path.Combine(results, Folder);
        string[] folders = Directory.Exists(machines) ? Directory.GetDirectories(machines) : [];
        foreach (string folder in folders.Order(StringComparer.Ordinal))
        {
            string table = Path.Combine(folder, ThroughputTable.Csv.FileName);
            if (File.Exists(table) && Plot(ThroughputTable.Csv.Read(table), Path.GetFileName(folder)) is { } figure)
                Storage.WriteAll(folder, [(figure.FileName, Encoding.UTF8.GetBytes(figure.Svg))]);
        }
    }

    /// <summary>The figure of a throughput.csv; null without rows.</summary>
    public static Figure? Plot(IReadOnlyList<ThroughputRow> rows, string machine)
    {
        if (rows.Count == 0)
            return null;
        ThroughputRow one = rows[0];
        string threads = one.Threads == 1 ? "1 thread" : $"{CsvFields.Write(one.Threads)} threads";
        return ExperimentFigures.ThroughputAgainstBatch(
            [.. rows.Select(row => new ThroughputPoint(row.Batch, row.TokensPerSecond, row.TokensPerSecondLow, row.TokensPerSecondHigh))],
            machine,
            $"{one.Precision}, {one.Device}, {one.Isa}, {threads}",
            $"prompt of {CsvFields.Write(one.PromptTokens)} tokens, {CsvFields.Write(one.TokensPerSample)} tokens generated a sample");
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
