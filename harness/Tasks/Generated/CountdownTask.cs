using System.Globalization;
using Harness.Kernels.Sampling;
using Harness.Samples;

namespace Harness.Tasks.Generated;

/// <summary>
/// Searches with an exact checker: <c>countdown 20 20 2 13 -> 66</c>, n numbers of 1..20 to be combined, each once, into a target that is
/// not among them. The target is the end of a random derivation, so every problem is solvable.
/// </summary>
sealed class CountdownTask(TaskSettings settings) : ITask, IWorkedExamples, IChecksSteps
{
    const int MostNumber = 20;

    public static IReadOnlyList<int> DefaultDifficulties { get; } = [3, 4];

    static readonly ProblemGenerator Generator = new()
    {
        Task = "countdown",
        Problems = RandomPurpose.CountdownProblem,
        Examples = RandomPurpose.CountdownExample,
        DefaultDifficulties = DefaultDifficulties,
        Draw = Draw,
        Canonical = Canonical,
        Identity = Identity,
        Entropy = Entropy,
        MeanEntropy = (_, _) => null,
    };

    public static ISolvedProblems Solved { get; } = new SolvedProblems(Generator);

    readonly GeneratedProblems generated = new(Generator, settings);

    public IReadOnlyList<Problem> Problems => generated.Problems;

    public string? DataHash => null;

    public IReadOnlyList<WorkedExample> Examples(int count) => generated.Examples(count);

    /// <summary>The steps or the postfix expression with single spaces, where the text is one of these and nothing else.</summary>
    public string? ExtractAnswer(Problem problem, GeneratedText text) => CountdownAnswer.Parse(text.OutsideThinking)?.ToString();

    public bool IsCorrect(Problem problem, string? answer)
    {
        if (answer is null || CountdownAnswer.Parse(answer) is not { } parsed)
            return false;
        (int[] numbers, int target) = Read(problem.Question);
        return parsed.Reaches(numbers, target);
    }

    /// <summary>A step combines two numbers that are left; the end is that the target is left alone. An expression is its end.</summary>
    public IReadOnlyList<bool> CheckSteps(Problem problem, string text)
    {
        string[] words = ArithmeticWords.Split(text);
        if (words is ["#", ..])
            return [IsCorrect(problem, CountdownAnswer.Parse(text)?.ToString())];
        (int[] numbers, int target) = Read(problem.Question);
        List<int> live = [.. numbers];
        return [.. ArithmeticWords.Steps(words).Select(step => CountdownSteps.Combine(live, step)), live is [var left] && left == target];
    }

    /// <summary>The numbers in ascending order, for whatever target: other targets of the same numbers share their steps.</summary>
    static string Canonical(string question) => $"countdown {string.Join(' ', Read(question).Numbers.Order())}";

    /// <summary>The numbers in ascending order, and the target: another order is the same problem.</summary>
    static string Identity(string question) => $"{Canonical(question)} -> {Read(question).Target}";

    static (int[] Numbers, int Target) Read(string question)
    {
        string[] words = ArithmeticWords.Split(question);
        int arrow = Array.IndexOf(words, "->");
        return ([.. words[1..arrow].Select(word => ArithmeticWords.Number(word)!.Value)], ArithmeticWords.Number(words[arrow + 1])!.Value);
    }

    static double Entropy(string question, string style)
    {
        (int[] numbers, int target) = Read(question);
        bool isDirect = style == SolvedProblems.Direct;
        if (numbers.Length > (isDirect ? CountdownEntropy.MostExpressions : CountdownEntropy.MostSteps))
            return double.NaN;
        CountdownEntropy solutions = new(target);
        return isDirect ? solutions.OfExpression(numbers) : solutions.OfSteps(numbers);
    }

    static DrawnProblem Draw(ProblemRandom stream, int difficulty)
    {
        while (true)
        {
            int[] numbers = [.. Enumerable.Range(0, difficulty).Select(_ => stream.Between(1, MostNumber))];
            (List<string> steps, int target, string expression) = Derive(numbers, stream);
            if (numbers.Contains(target))
                continue;
            string solution = string.Join(" ; ", steps);
            return new DrawnProblem($"countdown {string.Join(' ', numbers)} -> {target}", solution, $"{solution} ;", $"# {expression}");
        }
    }

    /// <summary>
    /// Combines random pairs until one number is left. Two numbers always have a legal combination: they differ and may be subtracted, or
    /// they are equal and may be divided, or they are both 1 and may be added. The same derivation is also one expression in postfix.
    /// </summary>
    static (List<string> Steps, int Target, string Expression) Derive(IEnumerable<int> numbers, ProblemRandom stream)
    {
        List<(int Value, string Expression)> live =
            [.. numbers.Select(number => (number, number.ToString(CultureInfo.InvariantCulture)))];
        List<string> steps = [];
        while (live.Count > 1)
        {
            ((int Value, string Expression) x, (int Value, string Expression) y) = (Take(live, stream), Take(live, stream));
            (var larger, var smaller) = x.Value >= y.Value ? (x, y) : (y, x);
            List<(char Operator, int Value)> legal = LegalSteps(larger.Value, smaller.Value);
            (char op, int value) = legal[stream.Below(legal.Count)];
            steps.Add($"{larger.Value} {op} {smaller.Value} = {value}");
            live.Add((value, $"{larger.Expression} {smaller.Expression} {op}"));
        }
        return (steps, live[0].Value, live[0].Expression);
    }

    static T Take<T>(List<T> live, ProblemRandom stream)
    {
        int place = stream.Below(live.Count);
        T taken = live[place];
        live.RemoveAt(place);
        return taken;
    }

    internal static List<(char Operator, int Value)> LegalSteps(int larger, int smaller)
    {
        List<(char, int)> legal = [];
        foreach (char op in "+-*/")
        {
            if (CountdownAnswer.StepValue(larger, op, smaller) is { } value)
                legal.Add((op, value));
        }
        return legal;
    }
}
