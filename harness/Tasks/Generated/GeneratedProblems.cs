using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;
using Harness.Samples;

namespace Harness.Tasks.Generated;

/// <summary>One generated problem with the solution that the generator worked out.</summary>
/// <param name="Answer">A right answer, canonical.</param>
/// <param name="Solution">The thinking that leads to it.</param>
/// <param name="Direct">The answer alone, as a model gives it that does not think.</param>
readonly record struct DrawnProblem(string Question, string Answer, string Solution, string Direct);

/// <summary>How a task draws its problems.</summary>
sealed record ProblemGenerator
{
    public required string Task { get; init; }
    public required RandomPurpose Problems { get; init; }
    public required RandomPurpose Examples { get; init; }
    public required IReadOnlyList<int> DefaultDifficulties { get; init; }
    public required Func<ProblemRandom, int, DrawnProblem> Draw { get; init; }

    /// <summary>
    /// The canonical form of a question, by whose hash it belongs to a split: problems of one form are so alike that a model which has
    /// seen one is not tested by another.
    /// </summary>
    public required Func<string, string> Canonical { get; init; }

    /// <summary>
    /// Equal identities mean the same problem, and no pool has a problem twice. Null where problems may repeat.
    /// </summary>
    public Func<string, string>? Identity { get; init; }

    /// <summary>As <see cref="ISolvedProblems.Entropy"/>.</summary>
    public required Func<string, string, double> Entropy { get; init; }

    /// <summary>As <see cref="ISolvedProblems.MeanEntropy"/>.</summary>
    public required Func<int, string, double?> MeanEntropy { get; init; }
}

/// <summary>
/// The problems of a generated task: problem i is drawn from (seed, i, its difficulty), again where an earlier problem is the same, and
/// difficulties are cycled over.
/// </summary>
sealed class GeneratedProblems
{
    /// <summary>Difficulty of the generated tasks is the count of numbers in the problem.</summary>
    public const int LeastNumbers = 2;
    public const int MostNumbers = 8;

    const string SplitOption = "Split";

    /// <summary>After so many draws without a new problem, none is taken to be left.</summary>
    public const int AttemptsEach = 1000;

    public static IReadOnlyList<string> Options { get; } = [SplitOption];

    readonly ProblemGenerator generator;
    readonly ulong seed;
    readonly IReadOnlyList<int> difficulties;
    readonly ProblemSplit split;

    /// <exception cref="HarnessException">HRN0007: a difficulty outside 2..8, an unknown split, or fewer than one problem.</exception>
    public GeneratedProblems(ProblemGenerator generator, TaskSettings settings)
    {
        this.generator = generator;
        seed = settings.Seed;
        difficulties = settings.Difficulties.Count > 0 ? settings.Difficulties : generator.DefaultDifficulties;
        foreach (int difficulty in difficulties)
        {
            if (difficulty is < LeastNumbers or > MostNumbers)
                throw Codes.BadValue.With(
                    $"Difficulty {difficulty} of {generator.Task}: give a count of numbers in {LeastNumbers}..{MostNumbers}");
        }
        split = ProblemSplits.Parse(settings.Options.GetValueOrDefault(SplitOption, nameof(ProblemSplit.Test)));
        TaskChecks.AtLeastOneProblem(settings);
        Problems = DrawProblems(settings.Problems);
    }

    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>
    /// Problems from a random stream of their own, without those that are asked or already shown: to show, of the split train, unless all
    /// are asked.
    /// </summary>
    /// <exception cref="HarnessException">HRN0303: nearly every problem of the difficulty is asked.</exception>
    public IReadOnlyList<WorkedExample> Examples(int count)
    {
        HashSet<string> taken = new(Problems.Select(problem => Identity(problem.Question)), StringComparer.Ordinal);
        List<WorkedExample> examples = [];
        ProblemSplit shown = split == ProblemSplit.All ? split : ProblemSplit.Train;
        for (int attempt = 0; attempt < AttemptsEach * count && examples.Count < count; attempt++)
        {
            int difficulty = difficulties[examples.Count % difficulties.Count];
            DrawnProblem drawn = generator.Draw(new ProblemRandom(seed, attempt, difficulty, generator.Examples), difficulty);
            if (shown.Has(generator.Canonical(drawn.Question)) && taken.Add(Identity(drawn.Question)))
                examples.Add(new WorkedExample(drawn.Question, drawn.Solution));
        }
        return examples.Count == count
            ? examples
            : throw Codes.TooFewProblems.With(
                $"{generator.Task} has no {count} examples besides the {Problems.Count} problems asked; "
                + "lower Problems or raise Difficulty");
    }

    string Identity(string question) => generator.Identity?.Invoke(question) ?? question;

    Problem[] DrawProblems(int count)
    {
        HashSet<string> drawnBefore = new(StringComparer.Ordinal);
        Problem[] problems = new Problem[count];
        for (int index = 0; index < count; index++)
        {
            int difficulty = difficulties[index % difficulties.Count];
            ProblemRandom stream = new(seed, index, difficulty, generator.Problems);
            DrawnProblem drawn = Draw(stream, difficulty, count);
            for (int attempt = 1; generator.Identity is not null && !drawnBefore.Add(Identity(drawn.Question)); attempt++)
            {
                if (attempt == AttemptsEach)
                    throw TooFew(count, difficulty);
                drawn = Draw(stream, difficulty, count);
            }
            problems[index] = new Problem { Index = index, Difficulty = difficulty, Question = drawn.Question, Answer = drawn.Answer };
        }
        return problems;
    }

    /// <summary>The next problem of the stream that belongs to the split.</summary>
    DrawnProblem Draw(ProblemRandom stream, int difficulty, int count)
    {
        for (int attempt = 0; attempt < AttemptsEach; attempt++)
        {
            DrawnProblem drawn = generator.Draw(stream, difficulty);
            if (split.Has(generator.Canonical(drawn.Question)))
                return drawn;
        }
        throw TooFew(count, difficulty);
    }

    HarnessException TooFew(int count, int difficulty)
    {
        string ofSplit = split == ProblemSplit.All ? "" : $" of the split {split.ToString().ToLowerInvariant()}";
        return Codes.TooFewProblems.With(
            $"{generator.Task} has fewer than {count} different problems{ofSplit} at Difficulty {difficulty}; "
            + "lower Problems or raise Difficulty");
    }
}
