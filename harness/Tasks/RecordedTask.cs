using Harness.Samples;

namespace Harness.Tasks;

/// <summary>
/// The task of a recorded pool that names none: its problems are known by their numbers alone, and what is right is what the recording
/// says.
/// </summary>
public sealed class RecordedTask : ITask
{
    RecordedTask(TaskSettings settings) => Problems =
    [
        .. Enumerable.Range(0, settings.Problems)
            .Select(index => new Problem { Index = index, Difficulty = 0, Question = "", Answer = "" }),
    ];

    /// <summary>Registered nowhere: only a recorded pool has it, and by naming no task.</summary>
    public static TaskDefinition Definition { get; } = new()
    {
        Name = "recorded",
        Summary = "problems known by their numbers alone, judged by the recording",
        HasUniqueAnswers = true,
        DefaultMaxTokens = 1,
        Create = settings => new RecordedTask(settings),
    };

    public IReadOnlyList<Problem> Problems { get; }

    public string? DataHash => null;

    public string? ExtractAnswer(Problem problem, GeneratedText text) => null;

    public bool IsCorrect(Problem problem, string? answer) => false;
}
