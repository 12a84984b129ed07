using System.CommandLine;
using System.Globalization;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>Options that say where and how a command runs. They take precedence over the manifest's.</summary>
sealed class PlacementOptions
{
    readonly (string Property, Option<string?> Option)[] options =
    [
        .. PlacementAttributes.All.Where(attribute => !OfOneCommand.Contains(attribute))
            .Select(attribute => (attribute.Name, new Option<string?>(
                NameOf(attribute)) { Description = $"{attribute.Summary}: {attribute.Values}." })),
    ];

    /// <summary>Not all commands have them.</summary>
    static AttributeDefinition[] OfOneCommand => [PlacementAttributes.Record, PlacementAttributes.Redraw, PlacementAttributes.StopAfter];

    readonly Option<bool> record = new("--record") { Description = $"{PlacementAttributes.Record.Summary}." };
    readonly Option<bool> redraw = new("--redraw") { Description = $"{PlacementAttributes.Redraw.Summary}." };
    readonly Option<int?> stopAfter = new("--stop-after") { Description = $"{PlacementAttributes.StopAfter.Summary}." };

    /// <summary>Values that a shell completes, of those options that take names.</summary>
    static IReadOnlyDictionary<string, string[]> Names { get; } = new Dictionary<string, string[]>
    {
        [PlacementAttributes.Device.Name] = ["auto", "cpu", "cuda"],
        [PlacementAttributes.Isa.Name] = PlacementAttributes.Isa.Values.Split(", "),
    };

    public void AddTo(Command command)
    {
        foreach ((string property, Option<string?> option) in options)
        {
            option.CompletionSources.Add(Names.GetValueOrDefault(property, []));
            command.Options.Add(option);
        }
    }

    public void AddRecordTo(Command command)
    {
        command.Options.Add(record);
        command.Options.Add(redraw);
    }

    public void AddStopTo(Command command) => command.Options.Add(stopAfter);

    public RawManifest Apply(RawManifest raw, ParseResult parsed)
    {
        Dictionary<string, string> placement = new(raw.Placement, StringComparer.OrdinalIgnoreCase);
        foreach ((string property, Option<string?> option) in options)
        {
            if (parsed.GetValue(option) is { } value)
                placement[property] = property == PlacementAttributes.HarnessData.Name ? Path.GetFullPath(value) : value;
        }
        if (parsed.CommandResult.Command.Options.Contains(record) && parsed.GetValue(record))
            placement[PlacementAttributes.Record.Name] = "true";
        if (parsed.CommandResult.Command.Options.Contains(redraw) && parsed.GetValue(redraw))
            placement[PlacementAttributes.Redraw.Name] = "true";
        if (parsed.CommandResult.Command.Options.Contains(stopAfter) && parsed.GetValue(stopAfter) is { } steps)
            placement[PlacementAttributes.StopAfter.Name] = steps.ToString(CultureInfo.InvariantCulture);
        return raw with { Placement = placement };
    }

    static string NameOf(AttributeDefinition attribute) =>
        attribute == PlacementAttributes.HarnessData ? "--data" : $"--{attribute.Name.ToLowerInvariant()}";
}
