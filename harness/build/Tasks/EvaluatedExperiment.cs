using Microsoft.Build.Construction;
using Microsoft.Build.Evaluation;

namespace Harness.Build;

/// <summary>One item, such as a pool: its name, and its attributes by name. "Include" is among them.</summary>
sealed record WrittenItem(string Name, ValuePlace Place, SortedDictionary<string, WrittenValue> Values);

/// <summary>
/// A manifest as MSBuild evaluates it (conditions, imports, item definitions, updates), with every value as it was written and where.
/// It is evaluated once more here, since a build keeps only the results of its own evaluation.
/// </summary>
sealed class EvaluatedExperiment : IDisposable
{
    public const string PoolItem = "Pool", StrategyItem = "Strategy", GateItem = "Gate", DataItem = "Data", TrainItem = "Train",
        LawItem = "Law", EvaluationItem = "Evaluation";
    const string Include = "Include";

    readonly ProjectCollection projects;
    readonly Project project;
    readonly string defaults;
    readonly List<Complaint> complaints = [];

    /// <param name="path">NAME.proj.</param>
    /// <param name="given">The build's global properties.</param>
    /// <param name="defaults">Path of Experiment.props. Its values are defaults, which no author wrote.</param>
    public EvaluatedExperiment(string path, IDictionary<string, string> given, string defaults)
    {
        this.defaults = defaults;
        projects = new ProjectCollection(given);
        project = new Project(path, given, toolsVersion: null, projects);
        RefuseWildcards();
        Pools = [.. project.GetItems(PoolItem).Select(Read)];
        Strategies = [.. project.GetItems(StrategyItem).Select(Read)];
        Gates = [.. project.GetItems(GateItem).Select(Read)];
        Data = [.. project.GetItems(DataItem).Select(Read)];
        Trains = [.. project.GetItems(TrainItem).Select(Read)];
        Laws = [.. project.GetItems(LawItem).Select(Read)];
        Evaluations = [.. project.GetItems(EvaluationItem).Select(Read)];
    }

    public IReadOnlyList<WrittenItem> Pools { get; }

    public IReadOnlyList<WrittenItem> Strategies { get; }

    public IReadOnlyList<WrittenItem> Gates { get; }

    public IReadOnlyList<WrittenItem> Data { get; }

    public IReadOnlyList<WrittenItem> Trains { get; }

    public IReadOnlyList<WrittenItem> Laws { get; }

    public IReadOnlyList<WrittenItem> Evaluations { get; }

    /// <summary>Values that MSBuild would not pass on as they were written.</summary>
    public IReadOnlyList<Complaint> Complaints => complaints;

    /// <summary>A property's value; empty where it has none.</summary>
    public WrittenValue Property(string name)
    {
        if (project.GetProperty(name) is not { } property)
            return new WrittenValue("", null);
        if (property.IsGlobalProperty || property.Xml is null || property.Xml.ContainingProject.FullPath == defaults)
            return new WrittenValue(property.EvaluatedValue, null);
        ReadProperty read = Describe(property);
        ValuePlace place = ValuePlace.OfElement(property.Xml.Location);
        return Value(name, property.UnevaluatedValue, property.EvaluatedValue, place, reference =>
            reference.Equals(name, StringComparison.OrdinalIgnoreCase) ? read.Before() : Find(reference), (_, _) => true);
    }

    /// <summary>
    /// Whether the manifest or a file that it imports reads a property of this name: then the property is the author's own.
    /// </summary>
    public bool Reads(string property)
    {
        string[] references = [$"$({property})", $"$({property}.", $"$({property}["];
        return project.Imports.Where(import => !IsOfHarness(import.ImportedProject)).Select(import => import.ImportedProject)
            .Prepend(project.Xml)
            .Any(xml => references.Any(reference => xml.RawXml.Contains(reference, StringComparison.OrdinalIgnoreCase)));
    }

    public void Dispose() => projects.Dispose();

    bool IsOfHarness(ProjectRootElement xml) => xml.DirectoryPath == Path.GetDirectoryName(defaults);

    WrittenItem Read(ProjectItem item)
    {
        SortedDictionary<string, WrittenValue> values = new(StringComparer.OrdinalIgnoreCase)
        {
            [Include] = new(NameOf(item), ValuePlace.Of(item.Xml.IncludeLocation)),
        };
        foreach (ProjectMetadata metadata in item.Metadata)
        {
            values[metadata.Name] = metadata.Location.File == defaults
                ? new WrittenValue(metadata.EvaluatedValue, null)
                : Value($"{metadata.Name} of {item.ItemType} '{item.EvaluatedInclude}'", metadata.UnevaluatedValue, metadata.EvaluatedValue,
                    ValuePlace.OfElement(metadata.Location), Find, (sigil, name) => sigil == '@' ? project.GetItems(name).Count > 0
                        : item.HasMetadata(name[(name.IndexOf('.') + 1)..]));
        }
        return new WrittenItem(values[Include].Text, ValuePlace.OfElement(item.Xml.Location), values);
    }

    WrittenValue Value(string name, string written, string evaluated, ValuePlace place, Func<string, ReadProperty?> find, Func<char,
        string, bool> exists)
    {
        string text = new WrittenText(find, exists).Of(written, evaluated, out string? complaint);
        if (complaint is not null)
            complaints.Add(new Complaint("HRN0015", $"{name} {complaint}", place));
        return new WrittenValue(text, place);
    }

    /// <summary>The name among those that Include lists, before MSBuild has unescaped it and turned its slashes.</summary>
    static string NameOf(ProjectItem item) => item.UnevaluatedInclude.Contains('(')
        ? item.EvaluatedInclude
        : item.UnevaluatedInclude.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(name => WrittenText.AreAlike(name, item.EvaluatedInclude)) ?? item.EvaluatedInclude;

    ReadProperty? Find(string name) => project.GetProperty(name) is { } property ? Describe(property) : null;

    static ReadProperty Describe(ProjectProperty property) => new(
        property.EvaluatedValue,
        property.IsGlobalProperty || property.IsEnvironmentProperty || property.IsReservedProperty ? null : property.Xml?.Value,
        () => property.Predecessor is { } before ? Describe(before) : null);

    /// <summary>MSBuild would look for files of such a name, and drop the item where there are none.</summary>
    void RefuseWildcards()
    {
        IEnumerable<ProjectItemElement> items =
            project.GetLogicalProject().OfType<ProjectItemGroupElement>().SelectMany(group => group.Items);
        foreach (ProjectItemElement item in items.Where(item =>
            item.ItemType is PoolItem or StrategyItem or GateItem or DataItem or TrainItem or EvaluationItem or LawItem
            && item.Include.AsSpan().ContainsAny("*?")))
        {
            complaints.Add(new Complaint("HRN0015",
                $"{Include} of {item.ItemType} is '{item.Include}', which MSBuild takes for a pattern of files; name it without * and ?",
                ValuePlace.Of(item.IncludeLocation)));
        }
    }
}
