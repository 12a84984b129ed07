using System.Text.Json.Nodes;
using Harness.Records;

namespace Harness.Comparison;

/// <summary>One value of run.json that two sides have otherwise: of the manifest, the inputs, the versions or the model.</summary>
/// <param name="Path">Such as <c>manifest.pools[think].samples</c>: items are found by name, strategies by name and pool.</param>
/// <param name="Before">As JSON; null where there is none.</param>
/// <param name="After">As <paramref name="Before"/>.</param>
public sealed record InputChange(string Path, string? Before, string? After)
{
    /// <summary>What follows from the rest, or is compared by itself.</summary>
    static readonly string[] LeftOut = ["keys", "key", "outputs"];

    /// <summary>In the order of the earlier run.json, then what only the later one has.</summary>
    public static IReadOnlyList<InputChange> Of(JsonObject before, JsonObject after) =>
        [.. Between(Compared(before), Compared(after), "")];

    /// <summary>In the places of schema 2: the version of numerics stood alone before.</summary>
    static JsonObject Compared(JsonObject run)
    {
        JsonObject compared = (JsonObject)run.DeepClone();
        foreach (string name in LeftOut)
            compared.Remove(name);
        if (compared["versions"] is null && compared["numerics"] is { } numerics)
        {
            compared.Remove("numerics");
            compared["versions"] = new JsonObject { ["numerics"] = numerics.DeepClone() };
        }
        return compared;
    }

    static IEnumerable<InputChange> Between(JsonNode? before, JsonNode? after, string path)
    {
        if (MembersOf(before) is { } old && MembersOf(after) is { } now)
        {
            return old.Keys.Union(now.Keys).SelectMany(member =>
                Between(old.GetValueOrDefault(member), now.GetValueOrDefault(member), Joined(path, before, member)));
        }
        // A member that is absent says what null and an empty object say: nothing.
        (string? was, string? became) = (TextOf(before), TextOf(after));
        return was == became ? [] : [new InputChange(path, was, became)];
    }

    static string Joined(string path, JsonNode? owner, string member) =>
        owner is JsonArray ? $"{path}[{member}]" : path.Length == 0 ? member : $"{path}.{member}";

    /// <summary>The members of an object, or the items of a list of named things; null for another value.</summary>
    static Dictionary<string, JsonNode?>? MembersOf(JsonNode? value)
    {
        if (value is JsonObject members)
            return members.ToDictionary(member => member.Key, member => member.Value);
        if (value is not JsonArray { Count: > 0 } items || !items.All(item => item is JsonObject named && named["name"] is JsonValue))
            return null;
        Dictionary<string, JsonNode?> byName = [];
        return items.All(item => byName.TryAdd(NameOf(item!), item)) ? byName : null;
    }

    static string NameOf(JsonNode item) => item["pool"] is JsonValue pool ? $"{item["name"]} over {pool}" : $"{item["name"]}";

    static string? TextOf(JsonNode? value) => value is null or JsonObject { Count: 0 } ? null : value.ToJsonString(RunJson.Compact);
}
