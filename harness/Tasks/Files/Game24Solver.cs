namespace Harness.Tasks.Files;

/// <summary>Finds an expression of four numbers that is 24, by trying every pair, sign and order.</summary>
static class Game24Solver
{
    public const int Target = 24;

    /// <summary>A value as a fraction, and how it is written; its denominator is not 0.</summary>
    readonly record struct Term(long Numerator, long Denominator, string Text)
    {
        public string AsOperand => Text.Contains(' ') ? $"({Text})" : Text;
    }

    /// <summary>Null where there is none.</summary>
    public static string? Solve(IReadOnlyList<int> numbers) => Solve([.. numbers.Select(number => new Term(number, 1, $"{number}"))]);

    static string? Solve(Term[] terms)
    {
        if (terms.Length == 1)
            return terms[0].Numerator == Target * terms[0].Denominator ? terms[0].Text : null;
        for (int i = 0; i < terms.Length; i++)
        {
            for (int j = 0; j < terms.Length; j++)
            {
                if (i == j)
                    continue;
                Term[] rest = [.. terms.Where((_, place) => place != i && place != j)];
                foreach (Term combined in Combinations(terms[i], terms[j]))
                {
                    if (Solve([.. rest, combined]) is { } found)
                        return found;
                }
            }
        }
        return null;
    }

    static IEnumerable<Term> Combinations(Term a, Term b)
    {
        yield return new Term(
            a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator, $"{a.AsOperand} + {b.AsOperand}");
        yield return new Term(
            a.Numerator * b.Denominator - b.Numerator * a.Denominator, a.Denominator * b.Denominator, $"{a.AsOperand} - {b.AsOperand}");
        yield return new Term(a.Numerator * b.Numerator, a.Denominator * b.Denominator, $"{a.AsOperand} * {b.AsOperand}");
        if (b.Numerator != 0)
            yield return new Term(a.Numerator * b.Denominator, a.Denominator * b.Numerator, $"{a.AsOperand} / {b.AsOperand}");
    }
}
