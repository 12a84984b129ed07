using Harness.Diagnostics;

namespace Harness.Tasks.Generated;

/// <summary>The solved problems of a generated task: what its generator draws, with the thinking or without.</summary>
sealed class SolvedProblems(ProblemGenerator generator) : ISolvedProblems
{
    /// <summary>The styles.</summary>
    public const string Direct = "direct", Think = "think";

    public IReadOnlyList<string> Styles { get; } = [Direct, Think];

    public (int Low, int High) Difficulties => (GeneratedProblems.LeastNumbers, GeneratedProblems.MostNumbers);

    public SolvedProblem Draw(ProblemRandom stream, int difficulty, ProblemSplit split, string style)
    {
        for (int attempt = 0; attempt < GeneratedProblems.AttemptsEach; attempt++)
        {
            DrawnProblem drawn = generator.Draw(stream, difficulty);
            if (split.Has(generator.Canonical(drawn.Question)))
                return new SolvedProblem(drawn.Question, style == Direct ? drawn.Direct : drawn.Solution,
                    generator.Identity?.Invoke(drawn.Question) ?? drawn.Question);
        }
        throw Codes.TooFewProblems.With($"{generator.Task} has no problem of the split {split} at Difficulty {difficulty}");
    }

    public double Entropy(string question, string style) => generator.Entropy(question, style);

    public double? MeanEntropy(int difficulty, string style) => generator.MeanEntropy(difficulty, style);
}
