using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>Reads attributes by their definitions, going on after a wrong one.</summary>
sealed class AttributeReader(ValueReader values, Mistakes mistakes)
{
    bool hasUnknown;

    public ValueReader Values => values;

    /// <summary>Whether a value that was read is wrong or absent.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>Of an item whose attributes are all known.</summary>
    /// <param name="kind">What messages call it.</param>
    public static AttributeReader Of(string item, IReadOnlyDictionary<string, string> values, int index, IReadOnlyList<string> attributes,
        string kind, ManifestPlaces places, Mistakes mistakes)
    {
        string include = values.GetValueOrDefault("Include", "");
        AttributeReader reader = new(
            new ValueReader(values, name => places.Attribute(item, include, index, name), $" of {kind} '{include}'"), mistakes);
        reader.Allow(attributes, Codes.UnknownMetadata, $"attribute of {item}");
        return reader;
    }

    public void Allow(IReadOnlyList<string> names, Diagnostic code, string kind)
    {
        HarnessException[] unknown = [.. values.Unknown(names, code, kind)];
        hasUnknown = unknown.Length > 0 || mistakes.Has(code);
        mistakes.Add(unknown);
    }

    public T Read<TOwner, T>(AttributeDefinition<TOwner, T> attribute) => Read(() => attribute.Read(values), attribute.Fallback);

    /// <summary>A missing value is not complained of beside an unknown name: it is the same mistake, seen twice.</summary>
    public T Read<T>(Func<T> read, T fallback)
    {
        try
        {
            return read();
        }
        catch (HarnessException mistake)
        {
            IsWrong = true;
            if (!hasUnknown || mistake.Diagnostic != Codes.MissingValue)
                mistakes.Add(mistake);
            return fallback;
        }
    }
}
