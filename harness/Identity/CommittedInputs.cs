using System.Text.Json.Nodes;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Tasks.Prompts;

namespace Harness.Identity;

/// <summary>The hashes of model, data and recorded files that committed results were made of, for a machine that has none.</summary>
static class CommittedInputs
{
    /// <summary>Null where there are no results, or where they are of other pools than the manifest asks for.</summary>
    public static InputHashes? Read(string runJson, Manifest manifest, IReadOnlyList<PromptTemplate?> prompts)
    {
        try
        {
            JsonObject run = RunJson.Read(runJson);
            if (run["manifest"] is not JsonObject committed || run["inputs"] is not JsonObject inputs)
                return null;
            string modelName = committed["model"]?.ToString() ?? "", model = inputs["model"]?.ToString() ?? "";
            JsonObject now = ManifestKeys.OfPools(manifest, modelName);
            bool same = ManifestKeys.MembersOfPools
                .All(name => now[name]?.ToJsonString(RunJson.Compact) == committed[name]?.ToJsonString(RunJson.Compact));
            foreach ((string name, JsonNode? value) in ManifestKeys.OfTraining(manifest))
                same &= JsonNode.DeepEquals(value, committed[name]);
            Dictionary<string, string> data = (inputs["data"] as JsonObject ?? []).Where(each => each.Value is JsonValue)
                .ToDictionary(each => each.Key, each => each.Value!.ToString(), StringComparer.Ordinal);
            same &= manifest.Trains.SelectMany(train => train.Data).All(each => data.ContainsKey(each.Name));
            if (!same || model.Length > 0 != manifest.AsksModel || !NamesSameModel(manifest.Model, modelName))
                return null;
            return new InputHashes(modelName, model, [.. manifest.Pools.Zip(prompts, (pool, prompt) =>
                new PoolInputs(
                    inputs["pools"]?[pool.Name]?["data"]?.ToString(), prompt?.ContentHash, prompt?.Shots ?? 0,
                    inputs["pools"]?[pool.Name]?["recorded"]?.ToString()))])
            {
                Data = data,
            };
        }
        catch (HarnessException)
        {
            return null;
        }
    }

    /// <summary>As run.json would describe a manifest, whose model has the committed name where it may be the same.</summary>
    public static JsonObject DescribeManifest(JsonObject run, Manifest manifest)
    {
        string committed = run["manifest"]?["model"]?.ToString() ?? "";
        return new JsonObject
        {
            ["manifest"] = ExperimentKey.DescribeManifest(
                manifest, NamesSameModel(manifest.Model, committed) ? committed : manifest.Model),
        };
    }

    /// <summary>A model elsewhere is named by its last part.</summary>
    static bool NamesSameModel(string written, string committed) =>
        written == committed || Path.GetFileName(Path.TrimEndingDirectorySeparator(written)) == committed;
}
