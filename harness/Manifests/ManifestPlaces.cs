using Harness.Diagnostics;

namespace Harness.Manifests;

/// <summary>
/// Where the values of a manifest were written: as the resolved manifest says, which knows imported files too, else as the project's own
/// XML has it.
/// </summary>
public sealed class ManifestPlaces(RawManifest raw, ProjectXml xml)
{
    public ManifestPlaces(RawManifest raw)
        : this(raw, ProjectXml.Read(raw.Project))
    {
    }

    public SourcePlace Property(string name) => Find(name) ?? xml.Property(name);

    /// <summary>An attribute of an item, else the item.</summary>
    /// <param name="item">Pool or Strategy.</param>
    /// <param name="index">0-based among the evaluated items of this kind.</param>
    public SourcePlace Attribute(string item, string include, int index, string attribute) =>
        Find($"{item}[{index}].{attribute}") ?? Find($"{item}[{index}]") ?? xml.Attribute(item, include, index, attribute);

    /// <summary>Whether MSBuild's side could not use one of an item's values, which is then another one than was written.</summary>
    public bool IsRewritten(string item, int index) => raw.Places
        .Where(place => place.Key.StartsWith($"{item}[{index}].", StringComparison.OrdinalIgnoreCase))
        .Any(place => raw.Mistakes.Any(mistake => mistake.Place == place.Value));

    /// <summary>Whether MSBuild's side lost items for a name that it could not use: what names them may be right.</summary>
    public bool LackItems => raw.Mistakes.Any(mistake =>
        mistake.Code == Codes.RewrittenText.Code && !raw.Places.Values.Contains(mistake.Place));

    SourcePlace? Find(string name) => raw.Places.FirstOrDefault(place => place.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Value is { } text ? SourcePlace.Parse(text) : null;
}
