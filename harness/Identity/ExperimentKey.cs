using System.Text.Json.Nodes;
using Harness.Kernels;
using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;

namespace Harness.Identity;

/// <summary>Contents that a pool's tokens depend on beside its manifest.</summary>
/// <param name="Data">SHA-256 of the task's data, or null for a generated task.</param>
/// <param name="Prompt">SHA-256 of the prompt template.</param>
public sealed record PoolInputs(string? Data, string Prompt);

/// <summary>Contents that an experiment's results depend on beside its manifest.</summary>
/// <param name="ModelName">As <see cref="ModelLocation.Name"/>.</param>
/// <param name="Pools">In the manifest's order.</param>
public sealed record InputHashes(string ModelName, string Model, IReadOnlyList<PoolInputs> Pools);

/// <summary>
/// What decides whether results are stale: SHA-256 over canonical JSON (members in ordinal order, no white space) of the
/// manifest without its placement, the contents of model, data and prompts, and <see cref="NumericsVersion.Current"/>. Neither time
/// stamps, machines nor places of files are part of it.
/// </summary>
public static class ExperimentKey
{
    public const int Schema = 1;

    public static string Of(Manifest manifest, InputHashes inputs) =>
        Hashes.OfText(Canonical(manifest, inputs).ToJsonString(RunJson.Compact));

    /// <summary>Everything that the key is made of; run.json holds it in full.</summary>
    public static JsonObject Canonical(Manifest manifest, InputHashes inputs) => new()
    {
        ["inputs"] = new JsonObject
        {
            ["model"] = inputs.Model,
            ["pools"] = new JsonObject(manifest.Pools.Zip(inputs.Pools)
                .OrderBy(pair => pair.First.Name, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.First.Name, (JsonNode?)Describe(pair.Second)))),
        },
        ["manifest"] = Describe(manifest, inputs.ModelName),
        ["numerics"] = NumericsVersion.Current,
        ["schema"] = Schema,
    };

    /// <summary>Names a manifest alone, as for the folder of an overridden run.</summary>
    public static string OfManifest(Manifest manifest) => Hashes.OfText(Describe(manifest, manifest.Model).ToJsonString(RunJson.Compact));

    /// <summary>
    /// What decides the tokens of one pool's samples: a strategy, a title, or how many problems and samples there are, leaves each of them
    /// as it is.
    /// </summary>
    /// <param name="maxTokens">As the prompts leave it, where the manifest gives none.</param>
    /// <param name="shown">Problems of the pool where its prompts depend on their number; else null.</param>
    public static string OfPool(Manifest manifest, PoolManifest pool, string modelHash, PoolInputs inputs, int maxTokens, int? shown) =>
        Hashes.OfText(new JsonObject
        {
            ["inputs"] = Describe(inputs),
            ["max_tokens"] = maxTokens,
            ["model"] = modelHash,
            ["numerics"] = NumericsVersion.Current,
            ["pool"] = PoolAttributes.DescribeSample(pool),
            ["precision"] = PrecisionName(manifest.Precision),
            ["schema"] = Schema,
            ["seed"] = manifest.Seed,
            ["shown"] = shown,
        }.ToJsonString(RunJson.Compact));

    public static string PrecisionName(Precision precision) => precision.ToString().ToLowerInvariant();

    static JsonObject Describe(PoolInputs inputs) => new() { ["data"] = inputs.Data, ["prompt"] = inputs.Prompt };

    static JsonObject Describe(Manifest manifest, string modelName) => new()
    {
        ["model"] = modelName,
        ["name"] = manifest.Name,
        ["pools"] = new JsonArray([.. manifest.Pools.Select(Describe)]),
        ["precision"] = PrecisionName(manifest.Precision),
        ["seed"] = manifest.Seed,
        ["strategies"] = new JsonArray([.. manifest.Strategies.Select(Describe)]),
        ["title"] = manifest.Title,
    };

    static JsonObject Describe(PoolManifest pool) => new()
    {
        ["chat"] = pool.Chat,
        ["difficulties"] = new JsonArray([.. pool.Difficulties.Select(value => (JsonNode)value)]),
        ["max_tokens"] = pool.MaxTokens,
        ["min_p"] = pool.MinP,
        ["name"] = pool.Name,
        ["options"] = new JsonObject(pool.TaskOptions.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Portable(pair.Value)))),
        ["problems"] = pool.Problems,
        ["prompt"] = Portable(pool.Prompt),
        ["samples"] = pool.Samples,
        ["stop_strings"] = new JsonArray([.. pool.StopStrings.Select(value => (JsonNode)value)]),
        ["task"] = pool.Task.Name,
        ["temperature"] = pool.Temperature,
        ["top_k"] = pool.TopK,
        ["top_p"] = pool.TopP,
    };

    /// <summary>An absolute path is a place on one machine; the content is hashed beside it.</summary>
    static string Portable(string value) => Path.IsPathRooted(value) && File.Exists(value) ? Path.GetFileName(value) : value;

    static JsonObject Describe(StrategyManifest strategy) => new()
    {
        ["multipliers"] = new JsonArray([.. strategy.Multipliers.Select(value => (JsonNode)value)]),
        ["name"] = strategy.Name,
        ["pool"] = strategy.Pool.Name,
        ["verifier"] = strategy.Verifier?.Name,
    };
}
