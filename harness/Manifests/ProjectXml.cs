using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>A place in a file, one-based; line 0 where it is not known.</summary>
public readonly partial record struct SourcePlace(string File, int Line, int Column)
{
    /// <summary>Reads <c>file(line,col)</c>; null where the text is none.</summary>
    public static SourcePlace? Parse(string text) => Written().Match(text) is { Success: true } match
        ? new SourcePlace(match.Groups[1].Value, int.Parse(match.Groups[2].Value), int.Parse(match.Groups[3].Value))
        : null;

    /// <summary>What an act gives; a failure of it that names no file is said here.</summary>
    /// <param name="of">Begins the message, such as "pool 'think': ".</param>
    /// <exception cref="HarnessException">As of the act.</exception>
    public T Of<T>(Func<T> act, string of = "")
    {
        try
        {
            return act();
        }
        catch (HarnessException unplaced) when (unplaced.File is null)
        {
            throw unplaced.Diagnostic.With(of + unplaced.Message, File, Line, Column, unplaced);
        }
    }

    [GeneratedRegex(@"^(.+)\((\d{1,9}),(\d{1,9})\)$")]
    private static partial Regex Written();
}

/// <summary>The manifest's own XML: where each value was written, so that a message can point at it.</summary>
public sealed class ProjectXml
{
    readonly string path;

    ProjectXml(string path, XElement? root)
    {
        this.path = path;
        Root = root;
    }

    /// <summary>Null where the file is absent or not XML: messages then name the file alone.</summary>
    public XElement? Root { get; }

    public static ProjectXml Read(string path)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return new ProjectXml(path, XDocument.Load(reader, LoadOptions.SetLineInfo).Root);
        }
        catch (Exception unreadable) when (unreadable is IOException or XmlException or UnauthorizedAccessException)
        {
            return new ProjectXml(path, null);
        }
    }

    public SourcePlace PlaceOf(XObject? node) => node is IXmlLineInfo info && info.HasLineInfo()
        ? new SourcePlace(path, info.LineNumber, info.LinePosition)
        : new SourcePlace(path, 0, 0);

    /// <summary>The last element under a PropertyGroup that sets this property.</summary>
    public SourcePlace Property(string name) => PlaceOf(Children("PropertyGroup").LastOrDefault(element => Named(element, name)));

    /// <summary>The attribute or child element of an item, else the item.</summary>
    /// <param name="item">Pool or Strategy.</param>
    /// <param name="index">0-based among the evaluated items of this type: tells equal names apart.</param>
    public SourcePlace Attribute(string item, string include, int index, string attribute)
    {
        XElement? element = Item(item, include, index);
        XObject? node = element?.Attributes().FirstOrDefault(candidate => Equal(candidate.Name.LocalName, attribute));
        return PlaceOf(node ?? element?.Elements().FirstOrDefault(candidate => Named(candidate, attribute)) ?? element);
    }

    /// <summary>Elements directly under every group of this name, wherever it stands outside targets.</summary>
    public IEnumerable<XElement> Children(string group) => Root is null ? []
        : Groups(Root, group).SelectMany(element => element.Elements());

    XElement? Item(string item, string include, int index)
    {
        XElement[] items = [.. Children("ItemGroup").Where(element => Named(element, item) && element.Attribute("Include") is not null)];
        if (index < items.Length && Includes(items[index], include))
            return items[index];
        return items.FirstOrDefault(element => Includes(element, include));
    }

    static bool Includes(XElement item, string include) =>
        item.Attribute("Include")!.Value.Split(';').Any(name => Equal(name.Trim(), include));

    static IEnumerable<XElement> Groups(XElement parent, string group) => parent.Elements()
        .Where(element => !Named(element, "Target"))
        .SelectMany(element => Named(element, group) ? [element] : Groups(element, group));

    static bool Named(XElement element, string name) => Equal(element.Name.LocalName, name);

    static bool Equal(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
