using System.Text.Json.Nodes;
using Harness.Records;

namespace Harness.Exports;

/// <summary>An experiment as JSONL: an object for each sample, in the order of samples.csv.</summary>
static class SampleLines
{
    /// <summary>Lines without their breaks. What a file leaves empty is null; rewards are an object, a member for each verifier.</summary>
    /// <param name="experiment">What is exported.</param>
    /// <param name="texts">Each line then has a text, null where there is none; null to leave them out.</param>
    public static IEnumerable<string> Of(ExportedExperiment experiment, SampleTexts? texts) =>
        experiment.Files.Samples.Samples.Select(row => Line(experiment, row, texts).ToJsonString(JsonStyle.OneLine));

    static JsonObject Line(ExportedExperiment experiment, SampleRow row, SampleTexts? texts)
    {
        JsonObject line = new()
        {
            ["experiment"] = experiment.Name,
            ["pool"] = row.Pool,
            ["problem"] = row.Problem,
            ["sample"] = row.Sample,
            ["difficulty"] = row.Difficulty,
            ["prompt_tokens"] = row.PromptTokens,
            ["tokens"] = row.Tokens,
            ["finish"] = Known(row.Finish),
            ["answer"] = Known(row.Answer),
            ["correct"] = row.Correct == 1,
            ["logprob"] = row.Logprob,
            ["tokens_hash"] = Known(row.TokensHash),
            ["gold"] = experiment.Golds.GetValueOrDefault((row.Pool, row.Problem)),
            ["rewards"] = new JsonObject(experiment.RewardsOf(row)
                .Select(reward => KeyValuePair.Create(reward.Verifier, Finite(reward.Reward)))),
        };
        if (texts is not null)
            line["text"] = texts.Of(row);
        return line;
    }

    static string? Known(string text) => text.Length == 0 ? null : text;

    static JsonNode? Finite(double value) => double.IsFinite(value) ? value : null;
}
