using System.CommandLine;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>Options that say where and how a command runs. They take precedence over the manifest's.</summary>
sealed class PlacementOptions
{
    readonly (string Property, Option<string?> Option)[] options =
    [
        ("Device", new("--device") { Description = "auto, cpu, cuda or cuda:N." }),
        ("Threads", new("--threads") { Description = "Worker threads; 0: one a processor." }),
        ("Batch", new("--batch") { Description = "Most samples decoded together; 0: planned from memory." }),
        ("Isa", new("--isa") { Description = "auto, portable, avx2, avxvnni or avx512." }),
        ("Memory", new("--memory") { Description = "Budget for weights, keys and values, such as 4GB." }),
        ("HarnessData", new("--data") { Description = "Folder of models and data outside the repository." }),
    ];

    readonly Option<bool> record =
        new("--record") { Description = "Measure this machine for a minute and keep the figures under machines/ID." };
    readonly Option<bool> redraw = new("--redraw") { Description = "Draw every plot anew with the renderer in use." };

    public void AddTo(Command command)
    {
        foreach ((_, Option<string?> option) in options)
            command.Options.Add(option);
    }

    public void AddRecordTo(Command command)
    {
        command.Options.Add(record);
        command.Options.Add(redraw);
    }

    public RawManifest Apply(RawManifest raw, ParseResult parsed)
    {
        Dictionary<string, string> placement = new(raw.Placement, StringComparer.OrdinalIgnoreCase);
        foreach ((string property, Option<string?> option) in options)
        {
            if (parsed.GetValue(option) is { } value)
                placement[property] = property == "HarnessData" ? Path.GetFullPath(value) : value;
        }
        if (parsed.CommandResult.Command.Options.Contains(record) && parsed.GetValue(record))
            placement["Record"] = "true";
        if (parsed.CommandResult.Command.Options.Contains(redraw) && parsed.GetValue(redraw))
            placement["Redraw"] = "true";
        return raw with { Placement = placement };
    }
}
