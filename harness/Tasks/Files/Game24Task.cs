using System.Globalization;
using Harness.Diagnostics;
using Harness.Records;
using Harness.Samples;
using Harness.Tasks.Answers;

namespace Harness.Tasks.Files;

/// <summary>
/// The game of 24: four numbers, each used once, and + - * / to reach 24; the puzzles of 4nums.com as Tree of Thoughts has them (Yao et al.
/// 2023, arXiv 2305.10601), the easiest first. An answer is the expression in the last line that says <c>Answer:</c>, up to its =. It is
/// worked out exactly, so that the checker needs no answer of the data's.
/// </summary>
sealed class Game24Task : ITask, IWorkedExamples
{
    const string File = "game24/24.csv", PuzzleColumn = "Puzzles", Mark = "Answer:";
    const int NumbersEach = 4;

    readonly List<Puzzle> puzzles;
    readonly DataFile file;

    public Game24Task(TaskSettings settings)
    {
        TaskChecks.NoDifficulty(settings, "game24");
        TaskChecks.AtLeastOneProblem(settings);
        file = DataFile.Read([$"data/{File}", File], [settings.DataFolder]);
        puzzles = Read(file);
        if (puzzles.Count < settings.Problems)
            throw Codes.TooFewProblems.With($"holds {puzzles.Count} problems, and Problems asks for {settings.Problems}", file.Path);
        Problems =
        [
            .. puzzles.Take(settings.Problems).Select((puzzle, i) => new Problem
            {
                Index = i,
                Difficulty = 0,
                Question = puzzle.Text,
                Answer = Solved(puzzle),
            }),
        ];
    }

    /// <param name="Line">One-based line of the file.</param>
    sealed record Puzzle(string Text, int[] Numbers, int Line);

    public IReadOnlyList<Problem> Problems { get; }

    public string? DataHash => file.Hash;

    /// <summary>The last puzzles of the file.</summary>
    public IReadOnlyList<WorkedExample> Examples(int count) => puzzles.Count - Problems.Count < count
        ? throw Codes.TooFewProblems.With(
            $"holds {puzzles.Count} problems: {Problems.Count} asked leave fewer than {count} examples to show", file.Path)
        : [.. puzzles.TakeLast(count).Select(puzzle => new WorkedExample(
            puzzle.Text, $"{Mark} {Solved(puzzle)} = {Game24Solver.Target}"))];

    public string? ExtractAnswer(Problem problem, GeneratedText text)
    {
        string? line = text.OutsideThinking.Split('\n').LastOrDefault(line => line.Contains(Mark, StringComparison.OrdinalIgnoreCase));
        if (line is null)
            return null;
        string after = line[(line.LastIndexOf(Mark, StringComparison.OrdinalIgnoreCase) + Mark.Length)..];
        return ExactExpression.Parse(after.Split('=')[0])?.ToString();
    }

    public bool IsCorrect(Problem problem, string? answer) => answer is not null && ExactExpression.Parse(answer) is { } expression
        && expression.IsEqualTo(Game24Solver.Target) && expression.Numbers.Order().SequenceEqual(puzzles[problem.Index].Numbers.Order());

    string Solved(Puzzle puzzle) => Game24Solver.Solve(puzzle.Numbers)
        ?? throw Codes.DataCorrupt.With($"'{puzzle.Text}' can't be made {Game24Solver.Target}", file.Path, puzzle.Line);

    static List<Puzzle> Read(DataFile file) => CsvText.Parse(file.Bytes, file.Path, Codes.DataCorrupt, skipsEmptyLines: true, csv =>
    {
        int place = Array.IndexOf([.. csv.Headers ?? []], PuzzleColumn);
        if (place < 0)
            throw Codes.DataCorrupt.With($"has no column '{PuzzleColumn}'", file.Path, 1, 1);
        List<Puzzle> read = [];
        while (csv.Read())
            read.Add(ReadPuzzle(csv.GetString(place), file.Path, (int)csv.LineNumber));
        return read;
    });

    static Puzzle ReadPuzzle(string text, string path, int line)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] numbers = [.. words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : -1)];
        return numbers.Length == NumbersEach && numbers.All(number => number >= 0)
            ? new Puzzle(text, numbers, line)
            : throw Codes.DataCorrupt.With($"'{text}' is not {NumbersEach} numbers", path, line);
    }
}
