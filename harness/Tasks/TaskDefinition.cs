namespace Harness.Tasks;

/// <summary>A registered task: what a manifest may ask of it, and how to make it.</summary>
public sealed record TaskDefinition
{
    /// <summary>The manifest's name for it, such as countdown.</summary>
    public required string Name { get; init; }

    /// <summary>One line for `harness list tasks`.</summary>
    public required string Summary { get; init; }

    /// <summary>Pool attributes that belong to it (<see cref="TaskSettings.Options"/>).</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Difficulties of a pool whose manifest gives none; empty where the task's problems have no difficulty.</summary>
    public IReadOnlyList<int> DefaultDifficulties { get; init; } = [];

    /// <summary>MaxTokens of a pool whose manifest gives none: enough for its longest answer, or for most of them.</summary>
    public required int DefaultMaxTokens { get; init; }

    /// <summary>Whether right answers are equal strings, so that a vote over answers means something.</summary>
    public required bool HasUniqueAnswers { get; init; }

    /// <summary>
    /// Whether its checker compares with the data's own answer. What picks an answer with that checker is then an oracle, which nobody can
    /// deploy, and an answer can be judged against another problem's.
    /// </summary>
    public bool ChecksAgainstGold => HasUniqueAnswers;

    /// <summary>Whether it is an <see cref="IChecksSteps"/>.</summary>
    public bool ChecksSteps { get; init; }

    /// <summary>Reads or generates the problems. Expected failures carry HRN0007, HRN0008, HRN0301, HRN0302 or HRN0303.</summary>
    public required Func<TaskSettings, ITask> Create { get; init; }

    /// <summary>What a model can learn it from; null where the task makes no problems.</summary>
    public ISolvedProblems? Solved { get; init; }
}
