using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Manifests;

/// <summary>Reads the resolved manifest that Experiment.targets writes.</summary>
public static class ManifestFile
{
    static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        MaxDepth = 8,
    };

    /// <exception cref="HarnessException"><see cref="Codes.BadManifest"/>, at the JSON's line.</exception>
    public static RawManifest Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            RawManifest manifest = JsonSerializer.Deserialize<RawManifest>(stream, Strict)
                ?? throw Codes.BadManifest.With("the manifest is null", path);
            if (manifest.Schema != SchemaVersions.Manifest)
                throw Codes.BadManifest.With($"the manifest's schema is {manifest.Schema}; this program reads {SchemaVersions.Manifest}",
                    path);
            RefuseNulls(manifest, path);
            RefuseNulCharacters(manifest, path);
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return manifest with { Project = Path.GetFullPath(manifest.Project, folder) };
        }
        catch (JsonException bad)
        {
            throw Codes.BadManifest.With(FirstSentence(bad.Message), path, (int)(bad.LineNumber ?? -1) + 1,
                (int)(bad.BytePositionInLine ?? -1) + 1, bad);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Codes.BadManifest.With(unreadable.Message, path, inner: unreadable);
        }
    }

    /// <summary>The serializer refuses a null member, but not a null inside one.</summary>
    static void RefuseNulls(RawManifest manifest, string path)
    {
        (string Name, IReadOnlyDictionary<string, string>? Values)[] groups =
        [
            (nameof(manifest.Properties), manifest.Properties), (nameof(manifest.Placement), manifest.Placement),
            .. manifest.Pools.Select((values, index) => ($"{nameof(manifest.Pools)}[{index}]", values)),
            .. manifest.Strategies.Select((values, index) => ($"{nameof(manifest.Strategies)}[{index}]", values)),
            .. manifest.Gates.Select((values, index) => ($"{nameof(manifest.Gates)}[{index}]", values)),
            .. manifest.Data.Select((values, index) => ($"{nameof(manifest.Data)}[{index}]", values)),
            .. manifest.Trains.Select((values, index) => ($"{nameof(manifest.Trains)}[{index}]", values)),
            .. manifest.Evaluations.Select((values, index) => ($"{nameof(manifest.Evaluations)}[{index}]", values)),
            .. manifest.Laws.Select((values, index) => ($"{nameof(manifest.Laws)}[{index}]", values)),
        ];
        foreach ((string name, IReadOnlyDictionary<string, string>? values) in groups)
        {
            if (values is null)
                throw Codes.BadManifest.With($"{name} is null", path);
            if (values.FirstOrDefault(pair => pair.Value is null).Key is { } empty)
                throw Codes.BadManifest.With($"{name}.{empty} is null", path);
        }
        if (manifest.Overrides.Any(name => name is null))
            throw Codes.BadManifest.With($"an entry of {nameof(manifest.Overrides)} is null", path);
        if (manifest.Mistakes.Any(mistake => mistake?.ToException() is null))
            throw Codes.BadManifest.With($"an entry of {nameof(manifest.Mistakes)} has no known code or no place", path);
    }

    /// <summary>No path, name or number holds the character, and MSBuild never writes it.</summary>
    static void RefuseNulCharacters(RawManifest manifest, string path)
    {
        IEnumerable<string> texts = new[] { manifest.Properties, manifest.Placement }.Concat(manifest.Pools).Concat(manifest.Strategies)
            .Concat(manifest.Gates).Concat(manifest.Data).Concat(manifest.Trains).Concat(manifest.Evaluations)
            .Concat(manifest.Laws)
            .SelectMany(values => values.SelectMany(pair => new[] { pair.Key, pair.Value }))
            .Concat([manifest.Name, manifest.Project]).Concat(manifest.Overrides);
        if (texts.Any(text => text.Contains('\0')))
            throw Codes.BadManifest.With("the manifest holds a NUL character", path);
    }

    static string FirstSentence(string message)
    {
        int position = message.IndexOf(" Path:", StringComparison.Ordinal);
        return position > 0 ? message[..position] : message;
    }
}
