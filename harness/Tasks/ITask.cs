using Harness.Samples;

namespace Harness.Tasks;

/// <summary>What a pool asks of its task.</summary>
public sealed record TaskSettings
{
    public required ulong Seed { get; init; }

    /// <summary>Generated tasks cycle over these; an empty list means the task's own default.</summary>
    public IReadOnlyList<int> Difficulties { get; init; } = [];

    public required int Problems { get; init; }

    /// <summary>Folder under which data files are looked for.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Folder of the manifest, the first place where a jsonl task's file is looked for.</summary>
    public string? ManifestFolder { get; init; }

    /// <summary>The pool's further attributes that belong to the task (jsonl: Data, QuestionField, AnswerField and so on).</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>A kind of problem with its checker. Problems are the same on every machine for the same settings.</summary>
public interface ITask
{
    IReadOnlyList<Problem> Problems { get; }

    /// <summary>SHA-256 of the data that the problems were read from, or null for a generated task.</summary>
    string? DataHash { get; }

    /// <summary>
    /// The answer in a generated text, in its one canonical form; null where the text holds none. Equal answers are equal strings.
    /// </summary>
    string? ExtractAnswer(Problem problem, GeneratedText text);

    /// <param name="problem">One of <see cref="Problems"/>.</param>
    /// <param name="answer">What <see cref="ExtractAnswer"/> gave for it.</param>
    bool IsCorrect(Problem problem, string? answer);
}
