using Harness.Kernels.Sampling;
using Harness.Tasks;

namespace Harness.Training;

/// <summary>Passes over fixed lists of texts, each pass in an order of its own.</summary>
/// <param name="seed">Of the order.</param>
/// <param name="place">Of the data in the manifest, which has an order of its own.</param>
sealed class ShuffledPasses(ulong seed, int place)
{
    readonly Dictionary<(ProblemSplit, long), int[]> orders = [];

    /// <summary>The place in its list of the next text.</summary>
    /// <param name="count">Texts of the list: the same ones each time.</param>
    /// <param name="number">How many were drawn before.</param>
    /// <param name="split">Whose list it is.</param>
    public int Next(int count, long number, ProblemSplit split)
    {
        (long pass, long within) = Math.DivRem(number, count);
        if (!orders.TryGetValue((split, pass), out int[]? order))
        {
            orders.Remove((split, pass - 1));
            orders.Add((split, pass), order = Order(count, split, pass));
        }
        return order[within];
    }

    /// <summary>By Fisher and Yates.</summary>
    int[] Order(int count, ProblemSplit split, long pass)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        ProblemRandom random = new(
            seed, (int)pass, 2 * place + (split == ProblemSplit.Validation ? 1 : 0), RandomPurpose.TrainingOrder);
        for (int i = count - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}
