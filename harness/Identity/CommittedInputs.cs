using System.Text.Json.Nodes;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Tasks.Prompts;

namespace Harness.Identity;

/// <summary>The hashes of model, data and recorded files that committed results were made of, for a machine that has none.</summary>
static class CommittedInputs
{
    /// <summary>
    /// With the manifest, in which models that go on from others have their shapes; null where there are no results, or where they are of
    /// other pools than the manifest asks for.
    /// </summary>
    public static (InputHashes Inputs, Manifest Manifest)? Read(string runJson, Manifest manifest, IReadOnlyList<PromptTemplate?> prompts)
    {
        try
        {
            JsonObject run = RunJson.Read(runJson);
            if (run["manifest"] is not JsonObject committed || run["inputs"] is not JsonObject inputs)
                return null;
            manifest = WithShapes(manifest, committed);
            string modelName = committed["model"]?.ToString() ?? "", model = inputs["model"]?.ToString() ?? "";
            JsonObject now = ManifestKeys.OfPools(manifest, modelName);
            bool same = ManifestKeys.MembersOfPools
                .All(name => now[name]?.ToJsonString(RunJson.Compact) == committed[name]?.ToJsonString(RunJson.Compact));
            foreach ((string name, JsonNode? value) in ManifestKeys.OfTraining(manifest))
                same &= JsonNode.DeepEquals(value, committed[name]);
            Dictionary<string, string> data = Texts(inputs["data"]), models = Texts(inputs["models"]);
            same &= manifest.Trains.All(train => train.From is null || models.ContainsKey(train.From));
            same &= manifest.RewardModels.All(verifier => models.ContainsKey(verifier.Path));
            same &= manifest.Trains.SelectMany(train => train.Data).All(each => data.ContainsKey(each.Name));
            if (!same || model.Length > 0 != manifest.AsksModel || !NamesSameModel(manifest.Model, modelName))
                return null;
            return (new InputHashes(modelName, model, [.. manifest.Pools.Zip(prompts, (pool, prompt) =>
                new PoolInputs(
                    inputs["pools"]?[pool.Name]?["data"]?.ToString(), prompt?.ContentHash, prompt?.Shots ?? 0,
                    inputs["pools"]?[pool.Name]?["recorded"]?.ToString()))])
            {
                Data = data,
                Models = models,
                Answers = manifest.LabelsAnswers ? ExperimentKey.OfAnswerer(manifest, model) : "",
            }, manifest);
        }
        catch (HarnessException)
        {
            return null;
        }
    }

    static Manifest WithShapes(Manifest manifest, JsonObject committed) => manifest with
    {
        Trains = [.. manifest.Trains.Select((train, place) =>
            train.From is not null && committed["train"]?[place]?["shape"]?.ToString() is { } shape
                ? train with { Shape = ShapeText.Parse(shape) } : train)],
    };

    static Dictionary<string, string> Texts(JsonNode? members) => (members as JsonObject ?? []).Where(each => each.Value is JsonValue)
        .ToDictionary(each => each.Key, each => each.Value!.ToString(), StringComparer.Ordinal);

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
