using System.Text.Json.Nodes;

namespace Harness.Manifests;

/// <summary>
/// A manifest's share of the two keys, as canonical JSON: members in ordinal order, each from its attribute in the table.
/// </summary>
public static class ManifestKeys
{
    /// <summary>What decides the samples.</summary>
    /// <param name="modelName">The model's name that every machine shares, in place of its path.</param>
    public static JsonObject OfPools(Manifest manifest, string modelName)
    {
        JsonObject json = Members(manifest, ExperimentAttributes.All.Where(attribute => attribute.Key == KeyPart.Pools),
            ("pools", manifest.Pools.Select(PoolAttributes.Describe)));
        json[ExperimentAttributes.Model.KeyName!] = modelName;
        return json;
    }

    /// <summary>What else decides what is computed from the samples.</summary>
    public static JsonObject OfAnalysis(Manifest manifest) => Members(manifest,
        ExperimentAttributes.All.Where(attribute => attribute.Key == KeyPart.Analysis),
            ("strategies", manifest.Strategies.Select(StrategyAttributes.Describe)));

    internal static JsonObject Members<TOwner>(TOwner owner, IEnumerable<AttributeDefinition<TOwner>> attributes,
        params IEnumerable<(string Name, IEnumerable<JsonObject> Items)> lists)
    {
        IEnumerable<KeyValuePair<string, JsonNode?>> members = attributes.Where(attribute => attribute.KeyName is not null)
            .Select(attribute => (Attribute: attribute, Value: attribute.Describe(owner)))
            .Where(member => member.Value is not null || !member.Attribute.IsOmittedWhereNull)
            .Select(member => KeyValuePair.Create(member.Attribute.KeyName!, member.Value))
            .Concat(lists.Select(list => KeyValuePair.Create(list.Name, (JsonNode?)new JsonArray([.. list.Items]))));
        return new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal));
    }
}
