using System.Numerics;

namespace Harness.Tests.Statistics;

/// <summary>Every subset of k of n samples, by counting: what the estimators' closed forms must equal.</summary>
static class Subsets
{
    public static IEnumerable<int[]> Of(int samples, int k)
    {
        for (uint mask = 0; mask < 1u << samples; mask++)
        {
            if (BitOperations.PopCount(mask) == k)
                yield return [.. Enumerable.Range(0, samples).Where(i => (mask >> i & 1) != 0)];
        }
    }

    public static double MeanOver(int samples, int k, Func<int[], double> value) => Of(samples, k).Average(value);
}
