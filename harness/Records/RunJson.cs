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

    /// <param name="experiment">What the keys are made of, and the keys.</param>
    /// <param name="model">What analyses need of the model; null where none is asked.</param>
    /// <param name="outputs">Name and SHA-256 of each exact file.</param>
    public static byte[] Write(JsonObject experiment, ModelRecord? model, IEnumerable<(string Name, string Hash)> outputs)
    {
        SortedDictionary<string, JsonNode?> members = new(StringComparer.Ordinal)
        {
            ["outputs"] = new JsonObject(outputs.OrderBy(output => output.Name, StringComparer.Ordinal)
                .Select(output => KeyValuePair.Create(output.Name, (JsonNode?)output.Hash))),
        };
        if (model is not null)
            members["model"] = model.Write();
        foreach ((string name, JsonNode? value) in experiment)
            members[name] = value?.DeepClone();
        return Encoding.UTF8.GetBytes(new JsonObject(members).ToJsonString(JsonStyle.Indented) + "\n");
    }

    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>; <see cref="Codes.ResultsCorrupt"/>.</exception>
    public static JsonObject Read(string path)
    {
        if (!File.Exists(path))
            throw Codes.ResultsMissing.With($"{FileName} is missing: the experiment has not been run", path);
        return Parse(Storage.Reading(path, () => File.ReadAllBytes(path)), path);
    }

    /// <param name="content">The bytes of a run.json.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/>.</exception>
    public static JsonObject Parse(byte[] content, string path)
    {
        try
        {
            using StreamReader text = new(new MemoryStream(content), Encoding.UTF8);
            return JsonNode.Parse(text.ReadToEnd(), documentOptions: Unambiguous) as JsonObject
                ?? throw Codes.ResultsCorrupt.With("not a JSON object", path);
        }
        catch (JsonException bad)
        {
            throw Codes.ResultsCorrupt.With("not JSON", path, (int)(bad.LineNumber ?? 0) + 1, (int)(bad.BytePositionInLine ?? 0) + 1, bad);
        }
    }

    /// <summary>Of each pool, by its name; empty where run.json has none, as of schema 1.</summary>
    public static IReadOnlyDictionary<string, string> PoolKeysOf(JsonObject run) => Texts((run["keys"] as JsonObject)?["pools"]);

    /// <summary>Of each model that is trained, by its name; empty where there is none.</summary>
    public static IReadOnlyDictionary<string, string> ModelKeysOf(JsonObject run) => Texts((run["keys"] as JsonObject)?["models"]);

    /// <summary>Of what models are asked, by the evaluation's name.</summary>
    public static IReadOnlyDictionary<string, string> EvaluationKeysOf(JsonObject run) =>
        Texts((run["keys"] as JsonObject)?["evaluations"]);

    /// <summary>SHA-256 of models that others go on from, and of those that verify, by what the manifest writes.</summary>
    public static IReadOnlyDictionary<string, string> ReferencedModelsOf(JsonObject run) => Texts((run["inputs"] as JsonObject)?["models"]);

    public static string? AnalysisKeyOf(JsonObject run) =>
        (run["keys"] as JsonObject)?["analysis"] is JsonValue value && value.TryGetValue(out string? key) ? key : null;

    /// <summary>Name and SHA-256 of each exact file; empty where run.json lists none.</summary>
    public static IReadOnlyDictionary<string, string> OutputsOf(JsonObject run) => Texts(run["outputs"]);

    static Dictionary<string, string> Texts(JsonNode? members) => members is JsonObject known
        ? known.Where(member => member.Value is JsonValue).ToDictionary(member => member.Key, member => member.Value!.ToString())
        : [];

    /// <summary>
    /// Path of the first member whose values differ, such as <c>manifest.pools[0].samples</c>, with both; null where none does.
    /// </summary>
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
