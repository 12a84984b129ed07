using System.Text.Json.Nodes;
using Harness.Tasks;

namespace Harness.Manifests;

/// <summary>Attributes of what models learn from.</summary>
public static class DataAttributes
{
    const int MostShare = 1_000_000;

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
        [Name, Task, Difficulty, Prompt, File, PromptField, AnswerField, Share, For];

    internal static JsonObject Describe(DataManifest data) => ManifestKeys.Members(data, All);

    static AttributeDefinition<DataManifest, string?> Field(string name, string keyName, string summary, Func<DataManifest, string> of) =>
        AttributeKinds.Text<DataManifest>(name, summary, KeyPart.Pools, data => of(data), "a field's name", null, "none: the file is text")
            with
        {
            KeyName = keyName,
            IsLeftOut = data => of(data).Length == 0,
        };
}
