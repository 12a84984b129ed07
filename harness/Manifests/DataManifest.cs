using Harness.Tasks;

namespace Harness.Manifests;

/// <summary>Texts that models of a manifest learn from: a task's solved problems, a model's own samples of them, or a file.</summary>
public sealed record DataManifest
{
    public required string Name { get; init; }

    /// <summary>The task whose problems they are; null where they are a file's.</summary>
    public TaskDefinition? Task { get; init; }

    /// <summary>Of the task: drawn from alike.</summary>
    public IReadOnlyList<int> Difficulties { get; init; } = [];

    /// <summary>The template that asks, by whose name the style of the solution is known; empty where the texts are a file's.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>A file of text, or of prompt and answer pairs; null where the texts are a task's.</summary>
    public string? File { get; init; }

    /// <summary>The fields of a pair in a file of JSON lines; empty where the file is one text.</summary>
    public string PromptField { get; init; } = "";
    public string AnswerField { get; init; } = "";

    /// <summary>How samples of the manifest's Model are drawn and labelled; null where the texts are not judged.</summary>
    public LabellingManifest? Labelling { get; init; }

    /// <summary>Of so many sequences as the shares of all data of a model add up to, how many are of this.</summary>
    public required int Share { get; init; }

    /// <summary>The models that learn from it; empty: all.</summary>
    public required IReadOnlyList<string> For { get; init; }

    /// <summary>Where the manifest names it.</summary>
    public SourcePlace Place { get; init; }
}
