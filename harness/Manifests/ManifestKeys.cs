using System.Text.Json.Nodes;

namespace Harness.Manifests;

/// <summary>
/// A manifest's share of the two keys, as canonical JSON: members in ordinal order, each from its attribute in the table.
/// </summary>
public static class ManifestKeys
{
    const string PoolsMember = "pools";

    /// <summary>Names of all members that <see cref="OfPools"/> may have.</summary>
    public static IReadOnlyList<string> MembersOfPools { get; } =
    [
        .. ExperimentAttributes.All.Where(attribute => attribute.Key == KeyPart.Pools).Select(attribute => attribute.KeyName!), PoolsMember,
    ];

    /// <summary>What decides the samples.</summary>
    /// <param name="modelName">The model's name that every machine shares, in place of its path; where there is a model.</param>
    public static JsonObject OfPools(Manifest manifest, string modelName)
    {
        JsonObject json = Members(manifest, ExperimentAttributes.All.Where(attribute => attribute.Key == KeyPart.Pools),
            (PoolsMember, manifest.Pools.Select(PoolAttributes.Describe)));
        if (manifest.AsksModel)
            json[ExperimentAttributes.Model.KeyName!] = modelName;
        return json;
    }

    /// <summary>The models that are made, and what they learn from; left out where there are none.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> OfTraining(Manifest manifest) => !manifest.IsTraining ? [] :
    [
        .. manifest.Evaluations.Count == 0 ? [] : new[]
        {
            KeyValuePair.Create("evaluations", (JsonNode?)new JsonArray([.. manifest.Evaluations.Select(EvaluationAttributes.Describe)])),
        },
        KeyValuePair.Create("data", (JsonNode?)new JsonArray(
            [.. manifest.Trains.SelectMany(train => train.Data).Distinct().Select(DataAttributes.Describe)])),
        KeyValuePair.Create("train", (JsonNode?)new JsonArray([.. manifest.Trains.Select(TrainAttributes.Describe)])),
    ];

    /// <summary>What else decides what is computed from the samples.</summary>
    public static JsonObject OfAnalysis(Manifest manifest)
    {
        JsonObject json = Members(manifest, ExperimentAttributes.All.Where(attribute => attribute.Key == KeyPart.Analysis),
            ("strategies", manifest.Strategies.Select(StrategyAttributes.Describe)));
        if (manifest.Laws.Count > 0)
            json["laws"] = new JsonArray([.. manifest.Laws.Select(LawAttributes.Describe)]);
        return json;
    }

    internal static JsonObject Members<TOwner>(TOwner owner, IEnumerable<AttributeDefinition<TOwner>> attributes,
        params IEnumerable<(string Name, IEnumerable<JsonObject> Items)> lists)
    {
        IEnumerable<KeyValuePair<string, JsonNode?>> members = attributes
            .Where(attribute => attribute.KeyName is not null && !attribute.IsLeftOut(owner))
            .Select(attribute => KeyValuePair.Create(attribute.KeyName!, attribute.Describe(owner)))
            .Concat(lists.Select(list => KeyValuePair.Create(list.Name, (JsonNode?)new JsonArray([.. list.Items]))));
        return new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal));
    }
}
