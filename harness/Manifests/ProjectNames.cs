using System.Xml.Linq;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Registry;

namespace Harness.Manifests;

/// <summary>Checks the names that a manifest's XML uses: a misspelt one would otherwise be silently ignored by MSBuild.</summary>
/// <param name="registered">Tasks and strategies, whose attributes count too.</param>
sealed class ProjectNames(ProjectXml project, Registered registered)
{
    readonly string text = project.Root?.ToString(SaveOptions.DisableFormatting) ?? "";

    /// <summary>
    /// Unknown properties, items and attributes, each at its line and column. Names that start with an underscore, or that the file itself
    /// reads as $(Name) or @(Name), are the author's own.
    /// </summary>
    public IEnumerable<HarnessException> Unknown() =>
    [
        .. project.Children("PropertyGroup").Select(property => (Element: property, Name: property.Name.LocalName))
            .Where(property => !AttributeTable.Properties.Has(property.Name) && !IsOwn(property.Name, '$'))
            .Select(property => Describe(Codes.UnknownProperty, "property", property.Element, property.Name, AttributeTable.Properties)),
        .. project.Children("ItemGroup").Concat(project.Children("ItemDefinitionGroup")).SelectMany(OfItem),
    ];

    IEnumerable<HarnessException> OfItem(XElement element)
    {
        string name = element.Name.LocalName;
        if (!AttributeTable.Items.Has(name))
            return AttributeTable.BuildItems.Has(name) || IsOwn(name, '@') ? []
                : [Describe(Codes.UnknownItem, "item", element, name, AttributeTable.Items)];
        string kind = AttributeTable.Items.First(item => item.Equals(name, StringComparison.OrdinalIgnoreCase));
        IReadOnlyList<string> valid = kind switch
        {
            AttributeTable.PoolItem => AttributeTable.OfPools(registered),
            AttributeTable.StrategyItem => AttributeTable.OfStrategies(registered),
            AttributeTable.DataItem => AttributeTable.OfData,
            AttributeTable.TrainItem => AttributeTable.OfTrains,
            AttributeTable.LawItem => AttributeTable.OfLaws,
            AttributeTable.EvaluationItem => AttributeTable.OfEvaluations(registered),
            _ => AttributeTable.OfGates,
        };
        IEnumerable<(string Name, XObject Node)> used = element.Attributes().Select(node => (node.Name.LocalName, (XObject)node))
            .Concat(element.Elements().Select(node => (node.Name.LocalName, (XObject)node)));
        return used.Where(attribute => !valid.Has(attribute.Name) && !AttributeTable.ItemAttributes.Has(attribute.Name)
            && !attribute.Name.StartsWith('_'))
            .Select(attribute => Describe(Codes.UnknownMetadata,
                $"attribute of {kind}", attribute.Node, attribute.Name, valid));
    }

    HarnessException Describe(Diagnostic code, string kind, XObject node, string name, IReadOnlyList<string> valid)
    {
        SourcePlace place = project.PlaceOf(node);
        return code.With($"'{name}' is not a known {kind}{NearestName.Hint(name, valid)}", place.File, place.Line, place.Column);
    }

    bool IsOwn(string name, char sigil) => name.StartsWith('_') || text.Contains($"{sigil}({name})", StringComparison.OrdinalIgnoreCase);
}
