using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Tasks;
using Harness.Tasks.Files;
using Harness.Tasks.Generated;

namespace Harness.Registry;

/// <summary>Every task, by its manifest name; the command line, the manifest's check and the tests enumerate it.</summary>
public static class TaskRegistry
{
    /// <summary>In ordinal order of the names.</summary>
    public static IReadOnlyList<TaskDefinition> All { get; } =
    [
        new()
        {
            Name = "countdown",
            HasUniqueAnswers = false,
            Summary = "combine numbers into a target (generated; a search with an exact checker)",
            Options = GeneratedProblems.Options,
            DefaultDifficulties = CountdownTask.DefaultDifficulties,
            DefaultMaxTokens = 64,
            ChecksSteps = true,
            Create = settings => new CountdownTask(settings),
            Solved = CountdownTask.Solved,
        },
        new()
        {
            Name = "game24",
            HasUniqueAnswers = false,
            Summary = "combine four numbers into 24 (data/game24/24.csv; an exact checker)",
            DefaultMaxTokens = 256,
            Create = settings => new Game24Task(settings),
        },
        new()
        {
            Name = "gsm8k",
            HasUniqueAnswers = true,
            Summary = "grade-school mathematics in words (data/gsm8k/test.jsonl)",
            DefaultMaxTokens = 256,
            Create = settings => new Gsm8kTask(settings),
        },
        new()
        {
            Name = "jsonl",
            HasUniqueAnswers = true,
            Summary = "questions and answers of your own, one JSON object a line",
            Options = JsonlTask.Options,
            DefaultMaxTokens = 256,
            Create = settings => new JsonlTask(settings),
        },
        new()
        {
            Name = "sum",
            HasUniqueAnswers = true,
            Summary = "a sum of small numbers (generated; a unique answer to vote on)",
            Options = GeneratedProblems.Options,
            DefaultDifficulties = SumTask.DefaultDifficulties,
            DefaultMaxTokens = 64,
            ChecksSteps = true,
            Create = settings => new SumTask(settings),
            Solved = SumTask.Solved,
        },
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(task => task.Name)];

    /// <summary>The task of this name, in either case.</summary>
    /// <param name="file">Where the name was written, for the message; with <paramref name="line"/> and <paramref name="column"/>.</param>
    /// <exception cref="HarnessException">HRN0005, with the nearest name.</exception>
    public static TaskDefinition Find(string name, string? file = null, int line = 0, int column = 0) =>
        All.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Codes.UnknownTask.With($"no task is called '{name}'{NearestName.Hint(name, Names)}", file, line, column);
}
