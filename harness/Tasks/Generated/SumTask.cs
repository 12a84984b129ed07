using System.Globalization;
using Harness.Kernels.Sampling;
using Harness.Samples;

namespace Harness.Tasks.Generated;

/// <summary>
/// Sums to vote on: <c>sum 17 - 36 - 15 + 13 + 31 =</c>, n terms of 1..39 whose total lies within 0..99. Thinking combines any two terms
/// whose combination lies within 0..99; the answer is the number after <c>#</c>, whatever thinking precedes it.
/// </summary>
sealed class SumTask(TaskSettings settings) : ITask, IWorkedExamples, IChecksSteps
{
    public const int MostTerm = 39;

    public static IReadOnlyList<int> DefaultDifficulties { get; } = [3, 5, 7];

    static readonly ProblemGenerator Generator = new()
    {
        Task = "sum",
        Problems = RandomPurpose.SumProblem,
        Examples = RandomPurpose.SumExample,
        DefaultDifficulties = DefaultDifficulties,
        Draw = Draw,
        Canonical = Canonical,
        Entropy = Entropy,
        MeanEntropy = MeanEntropy,
    };

    public static ISolvedProblems Solved { get; } = new SolvedProblems(Generator);

    readonly GeneratedProblems generated = new(Generator, settings);

    public IReadOnlyList<Problem> Problems => generated.Problems;

    public string? DataHash => null;

    public IReadOnlyList<WorkedExample> Examples(int count) => generated.Examples(count);

    /// <summary>The number word that follows the first <c>#</c>.</summary>
    public string? ExtractAnswer(Problem problem, GeneratedText text)
    {
        string[] words = ArithmeticWords.Split(text.OutsideThinking);
        int mark = Array.IndexOf(words, "#");
        return mark >= 0 && mark + 1 < words.Length && ArithmeticWords.Number(words[mark + 1]) is not null ? words[mark + 1] : null;
    }

    public bool IsCorrect(Problem problem, string? answer) => string.Equals(answer, problem.Answer, StringComparison.Ordinal);

    /// <summary>A step adds two terms that are left, within 0..99; the end is the number that is left alone.</summary>
    public IReadOnlyList<bool> CheckSteps(Problem problem, string text)
    {
        List<int> live = [.. TermsOf(problem.Question)];
        string[] words = ArithmeticWords.Split(text);
        int mark = Array.IndexOf(words, "#");
        return
        [
            .. ArithmeticWords.Steps(mark < 0 ? words : words[..mark]).Select(step => Combine(live, step)),
            mark >= 0 && words[(mark + 1)..] is [var answer] && ArithmeticWords.Number(answer) is { } number
                && (live is [var left] && left == number || mark == 0 && IsCorrect(problem, answer)),
        ];
    }

    static bool Combine(List<int> live, string[] step)
    {
        if (step is not [var a, "+" or "-", var b, "=", var result]
            || (ArithmeticWords.Number(a), ArithmeticWords.Number(b), ArithmeticWords.Number(result)) is not ({ } x, { } y, { } z))
            return false;
        int other = step[1] == "-" ? -y : y;
        if (x + other != z || !live.Remove(x) || !live.Remove(other))
            return false;
        live.Add(z);
        return true;
    }

    static IEnumerable<int> TermsOf(string question)
    {
        string[] words = ArithmeticWords.Split(question);
        return Enumerable.Range(0, (words.Length - 1) / 2).Select(place =>
            ArithmeticWords.Number(words[2 * place + 1])!.Value * (words[2 * place] == "-" ? -1 : 1));
    }

    /// <summary>The signed terms in their order, as they are asked.</summary>
    static string Canonical(string question) => question;

    /// <summary>Directly given, the answer leaves nothing to chance.</summary>
    static double Entropy(string question, string style)
    {
        if (style == SolvedProblems.Direct)
            return 0;
        return new SumEntropy().Of([.. TermsOf(question)]);
    }

    /// <summary>Over all problems of up to three terms; there are too many of more.</summary>
    static double? MeanEntropy(int difficulty, string style)
    {
        const int most = 3;
        if (style == SolvedProblems.Direct)
            return 0;
        if (difficulty > most)
            return null;
        SumEntropy steps = new();
        (double sum, long problems) = (0, 0);
        int[] signed = [.. Enumerable.Range(-MostTerm, 2 * MostTerm + 1).Where(term => term != 0)];
        foreach (int[] terms in Terms(difficulty, signed).Where(terms => terms.Sum() is >= 0 and <= ArithmeticWords.Most))
        {
            sum += steps.Of(terms);
            problems++;
        }
        return sum / problems;
    }

    /// <summary>All terms that may be drawn, each alike; the first is not negative.</summary>
    static IEnumerable<int[]> Terms(int count, int[] signed) => count == 1
        ? signed.Where(term => term > 0).Select(term => new[] { term })
        : Terms(count - 1, signed).SelectMany(before => signed.Select(term => (int[])[.. before, term]));

    static DrawnProblem Draw(ProblemRandom stream, int difficulty)
    {
        int[] terms = new int[difficulty];
        do
        {
            for (int i = 0; i < terms.Length; i++)
                terms[i] = stream.Between(1, MostTerm) * (i > 0 && stream.Below(2) == 1 ? -1 : 1);
        }
        while (terms.Sum() is < 0 or > ArithmeticWords.Most);
        string answer = terms.Sum().ToString(CultureInfo.InvariantCulture);
        string later = string.Concat(terms.Skip(1).Select(term => term < 0 ? $" - {-term}" : $" + {term}"));
        return new DrawnProblem($"sum {terms[0]}{later} =", answer, $"{Steps(terms, stream)} # {answer}", $"# {answer}");
    }

    /// <summary>
    /// One random order of steps. It never runs into a dead end: while a negative term is left, either a positive one covers it, or every
    /// positive one is below 39 and two of them may be added (the total is not negative, so there are two); after that only additions to
    /// the total remain.
    /// </summary>
    static string Steps(IEnumerable<int> terms, ProblemRandom stream)
    {
        List<int> live = [.. terms];
        List<string> steps = [];
        while (live.Count > 1)
        {
            List<(int First, int Second)> pairs = LegalPairs(live);
            (int first, int second) = pairs[stream.Below(pairs.Count)];
            (int a, int b) = (live[first], live[second]);
            steps.Add($"{a} {(b < 0 ? '-' : '+')} {Math.Abs(b)} = {a + b} ;");
            live[first] = a + b;
            live.RemoveAt(second);
        }
        return string.Join(' ', steps);
    }

    /// <summary>
    /// Ordered pairs of places that a step may combine: a term that is not negative, then any that keeps the result within 0..99.
    /// </summary>
    internal static List<(int First, int Second)> LegalPairs(IReadOnlyList<int> live)
    {
        List<(int, int)> pairs = [];
        for (int i = 0; i < live.Count; i++)
        {
            for (int j = 0; j < live.Count; j++)
            {
                if (i != j && live[i] >= 0 && live[i] + live[j] is >= 0 and <= ArithmeticWords.Most)
                    pairs.Add((i, j));
            }
        }
        return pairs;
    }
}
