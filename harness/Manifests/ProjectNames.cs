using System.Xml.Linq;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>Checks the names that a manifest's XML uses: a misspelt one would otherwise be silently ignored by MSBuild.</summary>
static class ProjectNames
{
    /// <summary>Names that start with an underscore, or that the file itself reads as $(Name) or @(Name), are the author's own.</summary>
    /// <param name="poolAttributes">The shared ones and those of every task.</param>
    /// <param name="strategyAttributes">The shared ones and those of every strategy.</param>
    /// <exception cref="HarnessException">The first unknown property, item or attribute, at its line and column.</exception>
    public static void Check(ProjectXml project, IReadOnlyList<string> poolAttributes, IReadOnlyList<string> strategyAttributes)
    {
        string text = project.Root?.ToString(SaveOptions.DisableFormatting) ?? "";
        foreach (XElement property in project.Children("PropertyGroup"))
        {
            string name = property.Name.LocalName;
            if (!ManifestSchema.Properties.Has(name) && !IsOwn(text, name, '$'))
                throw Unknown(Codes.UnknownProperty, "property", project.PlaceOf(property), name, ManifestSchema.Properties);
        }
        foreach (XElement item in project.Children("ItemGroup").Concat(project.Children("ItemDefinitionGroup")))
            CheckItem(project, item, text, poolAttributes, strategyAttributes);
    }

    static void CheckItem(
        ProjectXml project, XElement item, string text, IReadOnlyList<string> poolAttributes, IReadOnlyList<string> strategyAttributes)
    {
        string name = item.Name.LocalName;
        if (!ManifestSchema.Items.Has(name))
        {
            if (ManifestSchema.BuildItems.Has(name) || IsOwn(text, name, '@'))
                return;
            throw Unknown(Codes.UnknownItem, "item", project.PlaceOf(item), name, ManifestSchema.Items);
        }
        bool isPool = ManifestSchema.PoolItem.Equals(name, StringComparison.OrdinalIgnoreCase);
        IReadOnlyList<string> valid = isPool ? poolAttributes : strategyAttributes;
        IEnumerable<(string Name, XObject Node)> used = item.Attributes().Select(node => (node.Name.LocalName, (XObject)node))
            .Concat(item.Elements().Select(node => (node.Name.LocalName, (XObject)node)));
        foreach ((string attribute, XObject node) in used)
        {
            if (!valid.Has(attribute) && !ManifestSchema.ItemAttributes.Has(attribute) && !attribute.StartsWith('_'))
                throw Unknown(Codes.UnknownMetadata, $"attribute of {name}", project.PlaceOf(node), attribute, valid);
        }
    }

    static HarnessException Unknown(Diagnostic code, string kind, SourcePlace place, string name, IReadOnlyList<string> valid) =>
        code.With($"'{name}' is not a known {kind}{NearestName.Hint(name, valid)}", place.File, place.Line, place.Column);

    static bool IsOwn(string text, string name, char sigil) =>
        name.StartsWith('_') || text.Contains($"{sigil}({name})", StringComparison.OrdinalIgnoreCase);
}
