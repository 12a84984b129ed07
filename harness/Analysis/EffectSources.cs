using Harness.Statistics;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>
/// Where the uncertainty of a difference comes from: problems differ from one another, which only more problems help, and the samples of
/// one problem are few, which more samples help. The second is seen where both strategies are estimated on two disjoint halves of the
/// samples, in the order in which they were drawn: even ones and odd ones.
/// </summary>
/// <param name="Between">The smallest difference that would be seen with a power of 80 % were every problem's accuracies known.</param>
/// <param name="Within">The same were all problems alike. The squares of both add up to that of the detectable effect.</param>
/// <param name="Note">Why both are NaN; empty where they are not.</param>
public sealed record EffectSources(double Between, double Within, string Note)
{
    /// <summary>A strategy over a pool, as one side of a difference.</summary>
    /// <param name="IsDeterministic">Whether another sample would be the same one, as at temperature 0.</param>
    public readonly record struct Side(PoolEstimates Pool, IPooledStrategy Strategy, int Multiplier, bool IsDeterministic);

    /// <param name="detectable">The smallest difference that so many problems and samples show.</param>
    public static EffectSources Of(Side first, Side second, double detectable)
    {
        if (first.Pool.Problems.Count == 0)
            return new EffectSources(double.NaN, double.NaN, "there is no problem");
        if (NoteOf(first) is { } note || (note = NoteOf(second)!) is not null)
            return new EffectSources(double.NaN, double.NaN, note);
        double sum = 0;
        double[] even = Differences(first, second, parity: 0), odd = Differences(first, second, parity: 1);
        for (int problem = 0; problem < even.Length; problem++)
        {
            double apart = even[problem] - odd[problem];
            // Two halves that are so far apart vary by half the square each, and their mean by half of that.
            sum += apart * apart / 4;
        }
        double error = Math.Sqrt(sum / even.Length / even.Length);
        double within = Math.Min(PairedDifference.DetectableErrors * error, detectable);
        return new EffectSources(Math.Sqrt(detectable * detectable - within * within), within, "");
    }

    /// <summary>Null where both halves can be estimated.</summary>
    static string? NoteOf(Side side)
    {
        if (side.IsDeterministic)
            return null;
        int read = side.Strategy.SamplesFor(side.Multiplier), fewest = side.Pool.Problems.Min(problem => problem.Samples.Count);
        return read <= fewest / 2 ? null : $"two disjoint halves of {fewest} samples have fewer than the {read} that are read";
    }

    static double[] Differences(Side first, Side second, int parity) =>
        [.. Half(first, parity).Zip(Half(second, parity), (one, other) => one - other)];

    static double[] Half(Side side, int parity) =>
        (side.IsDeterministic ? side.Pool : side.Pool.Half(parity)).Accuracies(side.Strategy, side.Multiplier);
}
