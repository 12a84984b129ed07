using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Kernels.Diagnostics;

namespace Harness.Experiments;

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
            if (manifest.Schema != ManifestSchema.Version)
                throw Codes.BadManifest.With($"the manifest's schema is {manifest.Schema}; this program reads {ManifestSchema.Version}", path);
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return manifest with { Project = Path.GetFullPath(manifest.Project, folder) };
        }
        catch (JsonException bad)
        {
            throw Codes.BadManifest.With(FirstSentence(bad.Message), path, (int)(bad.LineNumber ?? -1) + 1, (int)(bad.BytePositionInLine ?? -1) + 1, bad);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Codes.BadManifest.With(unreadable.Message, path, inner: unreadable);
        }
    }

    static string FirstSentence(string message)
    {
        int position = message.IndexOf(" Path:", StringComparison.Ordinal);
        return position > 0 ? message[..position] : message;
    }
}
