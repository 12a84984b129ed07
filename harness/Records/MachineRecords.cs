using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Experiments;

namespace Harness.Records;

/// <summary>What a run leaves about the machine that it ran on: measured, never part of an exact file.</summary>
public static class MachineRecords
{
    public const string FileName = "machine.json";

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The machine alone: what a folder under machines/ needs to say beside its measurements.</summary>
    public static byte[] Machine(MachineFacts machine) => Write(new JsonObject
    {
        ["device"] = machine.Device,
        ["isa"] = machine.Isa,
        ["name"] = machine.Name,
        ["os"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        ["processors"] = Environment.ProcessorCount,
        ["runtime"] = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        ["schema"] = ExperimentKey.Schema,
        ["threads"] = machine.Threads,
    });

    /// <summary>One run: commit, packages, times.</summary>
    /// <param name="seconds">By stage.</param>
    public static byte[] Run(MachineFacts machine, string key, string? commit, IReadOnlyDictionary<string, double> seconds, long samples, long tokens) =>
        Write(new JsonObject
        {
            ["arguments"] = new JsonArray([.. Environment.GetCommandLineArgs().Skip(1).Select(argument => (JsonNode)argument)]),
            ["commit"] = commit,
            ["ended"] = DateTimeOffset.UtcNow.ToString("O"),
            ["key"] = key,
            ["machine"] = JsonNode.Parse(Machine(machine)),
            ["packages"] = new JsonObject(PackagesInUse.All().Select(package => KeyValuePair.Create(package.Name, (JsonNode?)package.Version))),
            ["samples_generated"] = samples,
            ["seconds"] = new JsonObject(seconds.Select(stage => KeyValuePair.Create(stage.Key, (JsonNode?)Math.Round(stage.Value, 3)))),
            ["tokens_generated"] = tokens,
        });

    static byte[] Write(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(Indented) + "\n");
}
