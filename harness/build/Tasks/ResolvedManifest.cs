using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Build.Framework;

namespace Harness.Build;

/// <summary>The manifest with the command line's overrides in it, as JSON.</summary>
sealed class ResolvedManifest(EvaluatedExperiment experiment, CommandLineProperties properties)
{
    const int Schema = 1;

    static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly JsonObject places = [];

    public required string Name { get; init; }

    /// <summary>Absolute path of NAME.proj.</summary>
    public required string Project { get; init; }

    /// <summary>Names, each with its value as the metadata Value.</summary>
    public required IReadOnlyList<ITaskItem> Placement { get; init; }

    /// <summary>What is wrong beside the texts of the manifest itself.</summary>
    public required IReadOnlyList<Complaint> Mistakes { get; init; }

    public string ToJson()
    {
        foreach (WrittenItem pool in experiment.Pools)
            Override(pool, properties.PoolAttributes);
        foreach (WrittenItem train in experiment.Trains)
            Override(train, properties.TrainAttributes);
        JsonObject json = new()
        {
            ["Schema"] = Schema,
            [nameof(Name)] = Name,
            [nameof(Project)] = Project,
            ["Properties"] = new JsonObject(properties.Experiment.Select(name => Property(name, experiment.Property(name)))),
            ["Pools"] = Items(EvaluatedExperiment.PoolItem, experiment.Pools),
            ["Strategies"] = Items(EvaluatedExperiment.StrategyItem, experiment.Strategies),
            ["Gates"] = Items(EvaluatedExperiment.GateItem, experiment.Gates),
            ["Data"] = Items(EvaluatedExperiment.DataItem, experiment.Data),
            ["Trains"] = Items(EvaluatedExperiment.TrainItem, experiment.Trains),
            ["Evaluations"] = Items(EvaluatedExperiment.EvaluationItem, experiment.Evaluations),
            ["Laws"] = Items(EvaluatedExperiment.LawItem, experiment.Laws),
            [nameof(Placement)] = new JsonObject(Placement.Select(Place)),
            ["Overrides"] = new JsonArray([.. properties.Changes.Select(name => JsonValue.Create(name))]),
        };
        json["Places"] = places;
        // Last, since texts are looked at as they are written.
        json[nameof(Mistakes)] = new JsonArray([.. Mistakes.Concat(experiment.Complaints).Select(Describe)]);
        return json.ToJsonString(Indented) + "\n";
    }

    /// <summary>Overrides of one item come after those of all, and so win. Where the manifest wrote the attribute is kept.</summary>
    void Override(WrittenItem item, IReadOnlyList<string> attributes)
    {
        foreach (ItemOverride change in properties.Overrides.Where(change => (change.Item is null || change.Item == item.Name)
            && attributes.Contains(change.Attribute)))
            item.Values[change.Attribute] = new WrittenValue(change.Value, item.Values.GetValueOrDefault(change.Attribute).Place);
    }

    KeyValuePair<string, JsonNode?> Property(string name, WrittenValue value)
    {
        Note(name, value);
        return KeyValuePair.Create<string, JsonNode?>(name, value.Text);
    }

    /// <summary>Paths have been made absolute by the targets; the property says where it was written.</summary>
    KeyValuePair<string, JsonNode?> Place(ITaskItem item)
    {
        Note(item.ItemSpec, experiment.Property(item.ItemSpec));
        return KeyValuePair.Create<string, JsonNode?>(item.ItemSpec, item.GetMetadata("Value"));
    }

    JsonArray Items(string kind, IReadOnlyList<WrittenItem> items) => new([.. items.Select((item, index) =>
    {
        places[$"{kind}[{index}]"] = item.Place.ToString();
        foreach ((string name, WrittenValue value) in item.Values)
            Note($"{kind}[{index}].{name}", value);
        return (JsonNode)new JsonObject(item.Values.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value.Text)));
    })]);

    static JsonNode Describe(Complaint mistake) => new JsonObject
    {
        [nameof(mistake.Code)] = mistake.Code,
        [nameof(mistake.Message)] = mistake.Message,
        [nameof(mistake.Place)] = mistake.Place.ToString(),
    };

    void Note(string name, WrittenValue value)
    {
        if (value.Place is { } place)
            places[name] = place.ToString();
    }
}
