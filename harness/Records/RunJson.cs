using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>
/// run.json: what the experiment is (resolved manifest, hashes of its inputs, versions), the key made of that, and the hashes of
/// its exact files. Nothing of the machine or the time.
/// </summary>
public static class RunJson
{
    public const string FileName = "run.json";

    static readonly JsonDocumentOptions Unambiguous = new() { AllowDuplicateProperties = false };

    /// <summary>The form that is hashed: no white space.</summary>
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="canonical">What the key is made of.</param>
    /// <param name="outputs">Name and SHA-256 of each exact file.</param>
    public static byte[] Write(JsonObject canonical, string key, IEnumerable<(string Name, string Hash)> outputs)
    {
        JsonObject run = new();
        SortedDictionary<string, JsonNode?> members = new(StringComparer.Ordinal)
        {
            ["key"] = key,
            ["outputs"] = new JsonObject(outputs.OrderBy(output => output.Name, StringComparer.Ordinal)
                .Select(output => KeyValuePair.Create(output.Name, (JsonNode?)output.Hash))),
        };
        foreach ((string name, JsonNode? value) in canonical)
            members[name] = value?.DeepClone();
        foreach ((string name, JsonNode? value) in members)
            run[name] = value;
        return Encoding.UTF8.GetBytes(run.ToJsonString(JsonStyle.Indented) + "\n");
    }

    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>; <see cref="Codes.ResultsCorrupt"/>.</exception>
    public static JsonObject Read(string path)
    {
        if (!File.Exists(path))
            throw Codes.ResultsMissing.With($"{FileName} is missing: the experiment has not been run", path);
        try
        {
            string text = Storage.Reading(path, () => File.ReadAllText(path));
            return JsonNode.Parse(text, documentOptions: Unambiguous) as JsonObject ?? throw Codes.ResultsCorrupt.With("not a JSON object", path);
        }
        catch (JsonException bad)
        {
            throw Codes.ResultsCorrupt.With("not JSON", path, (int)(bad.LineNumber ?? 0) + 1, (int)(bad.BytePositionInLine ?? 0) + 1, bad);
        }
    }

    public static string? KeyOf(JsonObject run) => run["key"] is JsonValue value && value.TryGetValue(out string? key) ? key : null;

    /// <summary>Name and SHA-256 of each exact file; empty where run.json lists none.</summary>
    public static IReadOnlyDictionary<string, string> OutputsOf(JsonObject run) => run["outputs"] is JsonObject outputs
        ? outputs.Where(output => output.Value is JsonValue).ToDictionary(output => output.Key, output => output.Value!.ToString())
        : new Dictionary<string, string>();

    /// <summary>Path of the first member whose values differ, such as <c>manifest.pools[0].samples</c>, with both; null where none does.</summary>
    public static string? FirstDifference(JsonNode? old, JsonNode? now, string path = "")
    {
        if (old is JsonObject oldMembers && now is JsonObject newMembers)
        {
            return oldMembers.Select(member => member.Key).Union(newMembers.Select(member => member.Key))
                .Select(name => FirstDifference(oldMembers[name], newMembers[name], path.Length == 0 ? name : $"{path}.{name}"))
                .FirstOrDefault(difference => difference is not null);
        }
        if (old is JsonArray oldItems && now is JsonArray newItems && oldItems.Count == newItems.Count)
        {
            return Enumerable.Range(0, oldItems.Count)
                .Select(index => FirstDifference(oldItems[index], newItems[index], $"{path}[{index}]"))
                .FirstOrDefault(difference => difference is not null);
        }
        string before = old?.ToJsonString(Compact) ?? "absent", after = now?.ToJsonString(Compact) ?? "absent";
        return before == after ? null : $"{path} was {before}, is {after}";
    }
}
