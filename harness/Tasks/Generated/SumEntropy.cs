using Harness.Kernels.ExactMath;

namespace Harness.Tasks.Generated;

/// <summary>
/// What is left to chance in the steps of a sum: the entropy of what is written, given the terms. A step is named by its two operands, so
/// that pairs of equal terms are one step.
/// </summary>
sealed class SumEntropy
{
    readonly Dictionary<ulong, double> known = [];

    /// <summary>In nats, of all steps from these live terms on.</summary>
    public double Of(IReadOnlyList<int> live)
    {
        if (live.Count == 1)
            return 0;
        ulong state = NameOf(live);
        if (known.TryGetValue(state, out double before))
            return before;
        List<(int First, int Second)> pairs = SumTask.LegalPairs(live);
        double entropy = 0;
        foreach (IGrouping<(int, int), (int First, int Second)> step in pairs.GroupBy(pair => (live[pair.First], live[pair.Second])))
        {
            double share = (double)step.Count() / pairs.Count;
            (int first, int second) = step.First();
            int[] next = [.. live.Where((_, place) => place != first && place != second), live[first] + live[second]];
            entropy += share * (Of(next) - ExactDouble.Log(share));
        }
        known.Add(state, entropy);
        return entropy;
    }

    /// <summary>The terms, whatever their order, a byte each that is not 0.</summary>
    static ulong NameOf(IEnumerable<int> live) =>
        live.Order().Aggregate(0UL, (name, term) => (name << 8) | (byte)(term + SumTask.MostTerm + 1));
}
