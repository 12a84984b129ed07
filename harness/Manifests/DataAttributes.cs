using System.Text.Json.Nodes;
using Harness.Kernels.Configuration;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>Attributes of what models learn from.</summary>
public static class DataAttributes
{
    const int MostShare = 1_000_000, MostProblems = 1_000_000, MostSamples = 10_000;

    public static AttributeDefinition<DataManifest, string> Name { get; } = new()
    {
        Name = "Include",
        Summary = "Its name, unique among the manifest's data",
        Values = "letters, digits, '-', '_' and '.', a letter or digit first",
        Key = KeyPart.Pools,
        KeyName = "name",
        Fallback = "",
        Read = values => values.FileName("Include"),
        Describe = data => data.Name,
    };

    public static AttributeDefinition<DataManifest, TaskDefinition?> Task { get; } = new()
    {
        Name = "Task",
        Summary = "The generated task whose solved problems are learnt from: those of the split train, a new one for each sequence",
        Values = "a generated task's name",
        DefaultSays = "required, unless File is given",
        Key = KeyPart.Pools,
        KeyName = "task",
        Fallback = null,
        IsLeftOut = data => data.Task is null,
        Describe = data => data.Task?.Name,
    };

    public static AttributeDefinition<DataManifest, IReadOnlyList<int>> Difficulty { get; } = AttributeKinds.Integers<DataManifest>(
        "Difficulty", "Difficulties of the task, drawn from alike", KeyPart.Pools, data => data.Difficulties, 0, null,
        "the task's own") with
    {
        KeyName = "difficulties",
        IsLeftOut = data => data.Task is null,
    };

    public static AttributeDefinition<DataManifest, string?> Prompt { get; } = AttributeKinds.Text<DataManifest>(
        "Prompt", "The template that asks; its name is the style in which the problem is solved", KeyPart.Pools, data => data.Prompt,
        "a style of the task: direct or think", "think") with
    {
        KeyName = "prompt",
        IsLeftOut = data => data.Task is null,
    };

    public static AttributeDefinition<DataManifest, string?> File { get; } = AttributeKinds.Text<DataManifest>(
        "File",
        "A file to learn from: text, or with PromptField and AnswerField pairs, one JSON object a line. Of its windows or pairs, by a hash "
            + "of each, 1 in 8 is never learnt from and 1 in 16 is for validation",
        KeyPart.Pools, data => data.File is { } file ? Path.IsPathRooted(file) ? Path.GetFileName(file) : file : null,
        "a path, looked for beside the manifest, then under the data folder", null, "none: the texts are a task's") with
    {
        KeyName = "file",
        IsLeftOut = data => data.File is null,
    };

    public static AttributeDefinition<DataManifest, string?> PromptField { get; } = Field(
        "PromptField", "prompt_field", "The field of a pair's prompt, in a file of JSON lines", data => data.PromptField);

    public static AttributeDefinition<DataManifest, string?> AnswerField { get; } = Field(
        "AnswerField", "answer_field", "The field of a pair's answer, in a file of JSON lines", data => data.AnswerField);

    public static AttributeDefinition<DataManifest, RewardKind?> Labels { get; } = new()
    {
        Name = "Labels",
        Summary = "Makes a reward model of what learns from it: the manifest's Model answers problems of the split train, and each answer "
            + "is labelled yes or no by the task's checker (outcome), or each of its steps good or bad by completions from there (steps)",
        Values = "outcome, steps",
        DefaultSays = "none: what is learnt is the solutions",
        Key = KeyPart.Pools,
        KeyName = "labels",
        IsLeftOut = data => data.Labelling is null,
        Fallback = null,
        Read = values => values.Choice("Labels", ["outcome", "steps"]) switch
        {
            "outcome" => RewardKind.Outcome,
            "steps" => RewardKind.Steps,
            _ => null,
        },
        Describe = data => data.Labelling!.Kind.ToString().ToLowerInvariant(),
    };

    public static AttributeDefinition<DataManifest, int> Problems { get; } = OfLabels(
        "Problems", "problems", "Of labels: problems that are answered", 0, MostProblems, null, "required with Labels",
        data => data.Labelling!.Pool.Problems);

    public static AttributeDefinition<DataManifest, int> Samples { get; } = OfLabels(
        "Samples", "samples", "Of labels: answers to each problem", 1, MostSamples, 4, null, data => data.Labelling!.Pool.Samples);

    public static AttributeDefinition<DataManifest, int> Rollouts { get; } = OfLabels(
        "Rollouts", "rollouts", "Of labels of steps: completions that are drawn from each step's end", 1, MostSamples, 8, null,
        data => data.Labelling!.Rollouts) with
    {
        IsLeftOut = data => data.Labelling is not { Kind: RewardKind.Steps },
    };

    public static AttributeDefinition<DataManifest, bool> Estimate { get; } = new()
    {
        Name = "Estimate",
        Summary = "Of labels of steps: good where any completion is right (hard), or with the share of those that are (soft)",
        Values = "hard, soft",
        Default = "hard",
        Key = KeyPart.Pools,
        KeyName = "estimate",
        IsLeftOut = data => data.Labelling is not { Kind: RewardKind.Steps },
        Fallback = false,
        Read = values => values.Choice("Estimate", ["hard", "soft"]) == "soft",
        Describe = data => data.Labelling!.IsSoft ? "soft" : "hard",
    };

    public static AttributeDefinition<DataManifest, bool> Verdict { get; } = new()
    {
        Name = "Verdict",
        Summary = "Of labels of steps, what says how good one is: the word good or bad after it (word), or the probability of its own last "
            + "token, which is learnt where the step is good and unlearnt where it is bad (token; unlikelihood, arXiv 1908.04319)",
        Values = "word, token",
        Default = "word",
        Key = KeyPart.Pools,
        KeyName = "verdict",
        IsLeftOut = data => data.Labelling is not { IsOfTokens: true },
        Fallback = false,
        Read = values => values.Choice("Verdict", ["word", "token"]) == "token",
        Describe = data => data.Labelling!.IsOfTokens ? "token" : "word",
    };

    public static AttributeDefinition<DataManifest, float> Temperature { get; } = AttributeKinds.Real<DataManifest>(
        "Temperature", "Of labels: with what answers and completions are drawn", KeyPart.Pools, data => data.Labelling!.Pool.Temperature,
        DecodingSettings.LowestTemperature, 100, 1) with
    {
        KeyName = "temperature",
        IsLeftOut = data => data.Labelling is null,
    };

    public static AttributeDefinition<DataManifest, int> Share { get; } = AttributeKinds.Integer<DataManifest>(
        "Share", "Sequences of this beside those of a model's other data: 3 and 1 are three in four, and one", KeyPart.Pools,
        data => data.Share, 1, MostShare, 1) with
    {
        KeyName = "share",
    };

    public static AttributeDefinition<DataManifest, IReadOnlyList<string>> For { get; } = AttributeKinds.Texts<DataManifest>(
        "For", "The models that learn from it", KeyPart.Pools, data => data.For,
        "names among the manifest's Train items, separated by ;", "all", []) with
    {
        KeyName = "for",
        IsLeftOut = data => data.For.Count == 0,
    };

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<DataManifest>> All { get; } =
        [Name, Task, Difficulty, Prompt, File, PromptField, AnswerField, Labels, Problems, Samples, Rollouts, Estimate, Verdict,
            Temperature, Share, For];

    /// <summary>Those that say how labels are made: nothing without them.</summary>
    internal static IReadOnlyList<AttributeDefinition> OfLabelling { get; } = [Problems, Samples, Rollouts, Estimate, Verdict, Temperature];

    internal static JsonObject Describe(DataManifest data) => ManifestKeys.Members(data, All);

    static AttributeDefinition<DataManifest, int> OfLabels(
        string name, string keyName, string summary, int low, int high, int? absent, string? otherwise, Func<DataManifest, int> of) =>
        AttributeKinds.Integer(name, summary, KeyPart.Pools, of, low, high, absent, otherwise) with
        {
            KeyName = keyName,
            IsLeftOut = data => data.Labelling is null,
        };

    static AttributeDefinition<DataManifest, string?> Field(string name, string keyName, string summary, Func<DataManifest, string> of) =>
        AttributeKinds.Text<DataManifest>(name, summary, KeyPart.Pools, data => of(data), "a field's name", null, "none: the file is text")
            with
        {
            KeyName = keyName,
            IsLeftOut = data => of(data).Length == 0,
        };
}
