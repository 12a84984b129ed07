namespace Harness.Manifests;

/// <summary>What a task's own attribute of a pool means; the task reads it.</summary>
/// <param name="Values">What may be written.</param>
/// <param name="Default">In words; empty where it is required.</param>
public sealed record TaskOption(string Name, string Summary, string Values, string Default)
{
    /// <summary>Every character counts, those at its ends too.</summary>
    public bool IsVerbatim { get; init; }

    /// <summary>Whether a pool that does not state it has the default's name, in its key too.</summary>
    public bool IsAlwaysStated { get; init; }
}

/// <summary>The tasks' own attributes of pools, by name: a task lists those that it has.</summary>
public static class TaskOptionAttributes
{
    public static IReadOnlyList<TaskOption> All { get; } =
    [
        new("Data", "The file of questions, one JSON object a line; looked for beside the manifest, then under the data folder", "a path",
            ""),
        new("QuestionField", "The field of the question", "a field's name", "question"),
        new("AnswerField", "The field of the right answer", "a field's name", "answer"),
        new("AnswerPattern",
            "A regular expression of .NET that finds the answer in a text: its first group, else all of it; the last match counts",
            "a pattern", "the answer after ####, else by the comparison's own rules")
        {
            IsVerbatim = true,
        },
        new("Comparison", "When two answers are equal: as numbers, as labels of choices, as texts", "exact, numeric or choice", "exact"),
        new("ComparisonField", "A field in which a question states its own comparison", "a field's name",
            "none: every question has Comparison"),
        new("Split", "Which problems are asked: by a hash of each, 1 in 8 is test, 1 in 16 validation, the others train",
            "train, validation, test or all", "test")
        {
            IsAlwaysStated = true,
        },
        new("Decimal", "What separates the decimals of a number: 3,5 is 3.5 with a comma", "'.' or ','", "."),
    ];

    /// <summary>Of an attribute that a registered task has.</summary>
    public static TaskOption Find(string name) => All.First(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
