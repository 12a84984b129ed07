using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;
using Harness.Samples;

namespace Harness.Tasks.Generated;

/// <summary>One generated problem with the solution that the generator worked out.</summary>
/// <param name="Answer">A right answer, canonical.</param>
/// <param name="Solution">The thinking that leads to it.</param>
readonly record struct DrawnProblem(string Question, string Answer, string Solution);

/// <summary>How a task draws its problems.</summary>
sealed record ProblemGenerator
{
    public required string Task { get; init; }
    public required RandomPurpose Problems { get; init; }
    public required RandomPurpose Examples { get; init; }
    public required IReadOnlyList<int> DefaultDifficulties { get; init; }
    public required Func<ProblemStream, int, DrawnProblem> Draw { get; init; }

    /// <summary>
    /// Equal identities mean the same problem, and no pool has a problem twice. Null where problems may repeat.
    /// </summary>
    public Func<string, string>? Identity { get; init; }
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

    /// <summary>After so many draws without a new problem, none is taken to be left.</summary>
    const int AttemptsEach = 1000;

    readonly ProblemGenerator generator;
    readonly ulong seed;
    readonly IReadOnlyList<int> difficulties;

    /// <exception cref="HarnessException">HRN0007: a difficulty outside 2..8, or fewer than one problem.</exception>
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
        TaskChecks.AtLeastOneProblem(settings);
        Problems = DrawProblems(settings.Problems);
    }

    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Problems from a random stream of their own, without those that are asked or already shown.</summary>
    /// <exception cref="HarnessException">HRN0303: nearly every problem of the difficulty is asked.</exception>
    public IReadOnlyList<WorkedExample> Examples(int count)
    {
        HashSet<string> taken = new(Problems.Select(problem => Identity(problem.Question)), StringComparer.Ordinal);
        List<WorkedExample> examples = [];
        for (int attempt = 0; attempt < AttemptsEach * count && examples.Count < count; attempt++)
        {
            int difficulty = difficulties[examples.Count % difficulties.Count];
            DrawnProblem drawn = generator.Draw(new ProblemStream(seed, attempt, difficulty, generator.Examples), difficulty);
            if (taken.Add(Identity(drawn.Question)))
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
            ProblemStream stream = new(seed, index, difficulty, generator.Problems);
            DrawnProblem drawn = generator.Draw(stream, difficulty);
            for (int attempt = 1; generator.Identity is not null && !drawnBefore.Add(Identity(drawn.Question)); attempt++)
            {
                if (attempt == AttemptsEach)
                {
                    throw Codes.TooFewProblems.With(
                        $"{generator.Task} has fewer than {count} different problems at Difficulty {difficulty}; "
                        + "lower Problems or raise Difficulty");
                }
                drawn = generator.Draw(stream, difficulty);
            }
            problems[index] = new Problem { Index = index, Difficulty = difficulty, Question = drawn.Question, Answer = drawn.Answer };
        }
        return problems;
    }
}
