namespace Harness.Tasks.Generated;

/// <summary>
/// An answer to a countdown problem in either of its forms: written steps (<c>13 * 2 = 26 ; 26 + 20 = 46 ; 46 + 20 = 66 ;</c>) or a
/// postfix expression (<c># 20 2 * 18 - 4 *</c>).
/// </summary>
/// <remarks>
/// A written step obeys the task's rules: every value within 1..99, * and / by 2 or more. The order of the operands of + and * is free.
/// An expression has no written values, so it is judged as arithmetic over the integers alone: (8 - 5) - 4 may lie below 1 on the way,
/// but a division with a remainder is wrong.
/// </remarks>
abstract class CountdownAnswer
{
    /// <summary>Whether it uses every number exactly once and ends on the target.</summary>
    public abstract bool Reaches(IReadOnlyList<int> numbers, int target);

    /// <summary>Null where the text is not wholly an answer in one of the two forms.</summary>
    public static CountdownAnswer? Parse(string text)
    {
        string[] words = ArithmeticWords.Split(text);
        return words is ["#", .. string[] expression] ? CountdownExpression.Parse(expression) : CountdownSteps.Parse(words);
    }

    /// <summary>Value of a step, or null where the rules forbid it.</summary>
    public static int? StepValue(int a, char op, int b)
    {
        int? value = op switch
        {
            '+' => a + b,
            '-' => a - b,
            '*' when a >= 2 && b >= 2 => a * b,
            '/' when b >= 2 && a % b == 0 => a / b,
            _ => null,
        };
        return value is >= 1 and <= ArithmeticWords.Most ? value : null;
    }
}

/// <summary>Thinking: one step after another, each closed by a semicolon, the last one's optional.</summary>
sealed class CountdownSteps : CountdownAnswer
{
    readonly record struct Step(int A, char Operator, int B, int Result);

    const int WordsPerStep = 6;

    readonly List<Step> steps;

    CountdownSteps(List<Step> steps) => this.steps = steps;

    public static CountdownSteps? Parse(string[] words)
    {
        if (words is [.. string[] open, not ";"])
            words = [.. open, words[^1], ";"];
        if (words.Length == 0 || words.Length % WordsPerStep != 0)
            return null;
        List<Step> steps = [];
        foreach (string[] written in words.Chunk(WordsPerStep))
        {
            if (written[^1] != ";" || Read(written[..^1]) is not { } step)
                return null;
            steps.Add(step);
        }
        return new CountdownSteps(steps);
    }

    /// <summary>Does what a step says to the numbers that are left; false where the step is wrong, and they are of no use then.</summary>
    /// <param name="live">Numbers that are left.</param>
    /// <param name="words">Of the step, without a semicolon.</param>
    public static bool Combine(List<int> live, string[] words) => Read(words) is { } step && Combine(live, step);

    static Step? Read(string[] words) => words is [var a, [var op], var b, "=", var result] && ArithmeticWords.IsOperator(words[1])
        && (ArithmeticWords.Number(a), ArithmeticWords.Number(b), ArithmeticWords.Number(result)) is ({ } x, { } y, { } z)
            ? new Step(x, op, y, z) : null;

    static bool Combine(List<int> live, Step step)
    {
        if (!live.Remove(step.A) || !live.Remove(step.B) || StepValue(step.A, step.Operator, step.B) != step.Result)
            return false;
        live.Add(step.Result);
        return true;
    }

    public override bool Reaches(IReadOnlyList<int> numbers, int target)
    {
        List<int> live = [.. numbers];
        return steps.TrueForAll(step => Combine(live, step)) && live is [var left] && left == target;
    }

    public override string ToString() =>
        string.Join(" ; ", steps.Select(step => $"{step.A} {step.Operator} {step.B} = {step.Result}"));
}

/// <summary>Direct: a postfix expression after <c>#</c>.</summary>
sealed class CountdownExpression : CountdownAnswer
{
    readonly string[] words;

    CountdownExpression(string[] words) => this.words = words;

    public static CountdownExpression? Parse(string[] words)
    {
        int depth = 0;
        foreach (string word in words)
        {
            depth += ArithmeticWords.IsOperator(word) ? -1 : 1;
            if (depth < 1 || (!ArithmeticWords.IsOperator(word) && ArithmeticWords.Number(word) is null))
                return null;
        }
        return depth == 1 ? new CountdownExpression(words) : null;
    }

    public override bool Reaches(IReadOnlyList<int> numbers, int target)
    {
        IEnumerable<int> used = words.Where(word => !ArithmeticWords.IsOperator(word)).Select(word => ArithmeticWords.Number(word)!.Value);
        return used.Order().SequenceEqual(numbers.Order()) && Value() == target;
    }

    public override string ToString() => $"# {string.Join(' ', words)}";

    /// <summary>Exact: at most eight numbers of two digits never overflow; null for a division that is not exact.</summary>
    long? Value()
    {
        Stack<long> stack = new();
        foreach (string word in words)
        {
            if (ArithmeticWords.Number(word) is { } number)
            {
                stack.Push(number);
                continue;
            }
            (long b, long a) = (stack.Pop(), stack.Pop());
            if (word == "/" && (b == 0 || a % b != 0))
                return null;
            stack.Push(word switch { "+" => a + b, "-" => a - b, "*" => a * b, _ => a / b });
        }
        return stack.Pop();
    }
}
