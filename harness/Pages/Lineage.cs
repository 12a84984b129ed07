using System.Text.Json.Nodes;
using Harness.Records;
using Harness.Reports;

namespace Harness.Pages;

/// <summary>Where an experiment's numbers come from: the model, the data and the settings that run.json names, with their hashes.</summary>
static class Lineage
{
    public static TextTable Of(CommittedExperiment experiment)
    {
        TextTable table = new(TextTable.Left("what"), TextTable.Left("of"), TextTable.Left("SHA-256"));
        JsonObject? inputs = experiment.Run["inputs"] as JsonObject;
        if (experiment.Manifest?["model"] is { } asked)
            table.Add("model", $"{asked} at {experiment.Manifest["precision"]}", Text(inputs?["model"]));
        foreach (JsonObject pool in experiment.Pools)
        {
            string name = Text(pool["name"]);
            JsonObject? of = (inputs?["pools"] as JsonObject)?[name] as JsonObject;
            Add($"data of {name}", Text(pool["task"]), Text(of?["data"]));
            Add($"recording of {name}", Text(pool["recorded"]), Text(of?["recorded"]));
            Add($"prompt of {name}", Text(pool["prompt"]), Text(of?["prompt"]));
        }
        foreach ((string data, JsonNode? hash) in inputs?["data"] as JsonObject ?? [])
            Add("data of models", data, Text(hash));
        foreach ((string model, string key) in RunJson.ModelKeysOf(experiment.Run))
            table.Add("key of all that decides a model", model, key);
        foreach ((string pool, string key) in RunJson.PoolKeysOf(experiment.Run))
            table.Add("key of all that decides samples", pool, key);
        if (RunJson.AnalysisKeyOf(experiment.Run) is { } analysis)
            table.Add("key of the analysis", $"seed {Text(experiment.Manifest?["seed"])}", analysis);
        foreach ((string file, string hash) in RunJson.OutputsOf(experiment.Run))
            table.Add("result", file, hash);
        return table;

        void Add(string what, string value, string hash)
        {
            if (hash.Length > 0)
                table.Add(what, value, hash);
        }
    }

    static string Text(JsonNode? value) => value is JsonValue ? value.ToString() : "";
}
