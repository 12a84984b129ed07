using Harness.Kernels.ExactMath;

namespace Harness.Tasks.Generated;

/// <summary>
/// What is left to chance in the solution of a countdown: the entropy of what is written, given the numbers and the target. A derivation
/// is random steps, of which only those that end on the target are solutions.
/// </summary>
/// <param name="target">On which derivations end.</param>
sealed class CountdownEntropy(int target)
{
    /// <summary>Of how many numbers all derivations are followed: there are 50,000 for five numbers, 3 million for six.</summary>
    public const int MostSteps = 5;

    /// <summary>The same where each is an expression of its own.</summary>
    public const int MostExpressions = 4;

    readonly Dictionary<ulong, (double Reached, double Entropy)> known = [];

    /// <summary>In nats, of the steps from these numbers to the target.</summary>
    public double OfSteps(IReadOnlyList<int> numbers) => From(numbers).Entropy;

    /// <summary>In nats, of the expression from these numbers to the target.</summary>
    public double OfExpression(IReadOnlyList<int> numbers)
    {
        Dictionary<string, double> expressions = new(StringComparer.Ordinal);
        Follow([.. numbers.Select(number => (number, $"{number}"))], 1, expressions);
        double reached = expressions.Values.Sum();
        return expressions.Values.Sum(chance => chance / reached * -ExactDouble.Log(chance / reached));
    }

    /// <summary>The chance that a derivation ends on the target, and the entropy of the steps of those that do.</summary>
    (double Reached, double Entropy) From(IReadOnlyList<int> live)
    {
        if (live.Count == 1)
            return (live[0] == target ? 1 : 0, 0);
        ulong state = live.Order().Aggregate(0UL, (name, number) => (name << 8) | (byte)number);
        if (known.TryGetValue(state, out (double, double) before))
            return before;
        Dictionary<(int Larger, char Operator, int Smaller), (double Chance, int[] Next)> steps = [];
        foreach ((int first, int second, double chance) in Pairs(live.Count))
        {
            (int larger, int smaller) = (Math.Max(live[first], live[second]), Math.Min(live[first], live[second]));
            List<(char Operator, int Value)> legal = CountdownTask.LegalSteps(larger, smaller);
            foreach ((char op, int value) in legal)
            {
                (double Chance, int[] Next) step = steps.TryGetValue((larger, op, smaller), out (double, int[]) same) ? same
                    : (0, [.. live.Where((_, place) => place != first && place != second), value]);
                steps[(larger, op, smaller)] = (step.Chance + chance / legal.Count, step.Next);
            }
        }
        (double Reached, double Entropy)[] ends = [.. steps.Values.Select(step => From(step.Next))];
        double reached = steps.Values.Zip(ends, (step, end) => step.Chance * end.Reached).Sum(), entropy = 0;
        foreach (((double chance, _), (double Reached, double Entropy) end) in steps.Values.Zip(ends))
        {
            double share = chance * end.Reached / reached;
            if (share > 0)
                entropy += share * (end.Entropy - ExactDouble.Log(share));
        }
        known.Add(state, (reached, entropy));
        return (reached, entropy);
    }

    void Follow(IReadOnlyList<(int Value, string Expression)> live, double chance, Dictionary<string, double> expressions)
    {
        if (live.Count == 1)
        {
            if (live[0].Value == target)
                expressions[live[0].Expression] = expressions.GetValueOrDefault(live[0].Expression) + chance;
            return;
        }
        foreach ((int first, int second, double ofPair) in Pairs(live.Count))
        {
            ((int Value, string Expression) larger, (int Value, string Expression) smaller) =
                live[first].Value >= live[second].Value ? (live[first], live[second]) : (live[second], live[first]);
            List<(char Operator, int Value)> legal = CountdownTask.LegalSteps(larger.Value, smaller.Value);
            foreach ((char op, int value) in legal)
            {
                Follow([.. live.Where((_, place) => place != first && place != second),
                    (value, $"{larger.Expression} {smaller.Expression} {op}")], chance * ofPair / legal.Count, expressions);
            }
        }
    }

    /// <summary>Ordered pairs of places, with their chance.</summary>
    static IEnumerable<(int First, int Second, double Chance)> Pairs(int count)
    {
        for (int first = 0; first < count; first++)
        {
            for (int second = 0; second < count; second++)
            {
                if (first != second)
                    yield return (first, second, 1.0 / (count * (count - 1)));
            }
        }
    }
}
