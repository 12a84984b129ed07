namespace Harness.Tasks;

/// <summary>A problem with what a perfect model would write after its prompt.</summary>
/// <param name="Question">As in <see cref="Samples.Problem.Question"/>.</param>
/// <param name="Solution">In the style that was asked for.</param>
/// <param name="Identity">Equal for equal problems, whatever their solutions.</param>
public readonly record struct SolvedProblem(string Question, string Solution, string Identity);

/// <summary>What a model learns a task from: solved problems without end.</summary>
public interface ISolvedProblems
{
    /// <summary>How a problem may be solved, each by the name of the prompt template that asks for it; in ordinal order.</summary>
    IReadOnlyList<string> Styles { get; }

    /// <summary>Least and most that a difficulty may be.</summary>
    (int Low, int High) Difficulties { get; }

    /// <summary>The next problem of a stream that belongs to a split.</summary>
    /// <param name="stream">Of random numbers: what it names, and nothing else, decides the problem.</param>
    /// <param name="difficulty">Of <see cref="Difficulties"/>.</param>
    /// <param name="split">Of which the problem is.</param>
    /// <param name="style">One of <see cref="Styles"/>.</param>
    SolvedProblem Draw(ProblemRandom stream, int difficulty, ProblemSplit split, string style);

    /// <summary>
    /// What is left to chance in the solution of a question, in nats: the entropy of what a model learns to write, of which no model can
    /// know more. NaN where solutions are too many to be followed.
    /// </summary>
    double Entropy(string question, string style);

    /// <summary>The same as a mean over all problems of a difficulty, as they are drawn; null where they are too many.</summary>
    double? MeanEntropy(int difficulty, string style);
}
