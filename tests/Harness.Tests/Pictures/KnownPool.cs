using Harness.Analysis;
using Harness.Engines.Simulated;
using Harness.Samples;
using Harness.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>Samples of a simulated model, whose truth is known.</summary>
static class KnownPool
{
    const ulong Seed = 1;

    /// <summary>A model that most votes of many samples are right of, with a wrong answer that is common.</summary>
    public static SimulatedSettings Model { get; } = new() { Alpha = 1, Beta = 1.5, Wrong = 4, Common = 0.4, Quality = 8 };

    public static PoolEstimates Of(SimulatedSettings settings, int problems, int samples)
    {
        SimulatedDraws draws = new(settings, Seed);
        return new PoolEstimates(
            [
                .. Enumerable.Range(0, problems).Select(problem => new ProblemSamples(
                    problem, 0, 1, [.. Enumerable.Range(0, samples).Select(sample => Pooled(draws.Sample(problem, sample)))])),
            ],
            Seed);
    }

    /// <summary>The most probable answer of each problem alone.</summary>
    public static PoolEstimates Greedy(SimulatedSettings settings, int problems)
    {
        SimulatedDraws draws = new(settings, Seed);
        return new PoolEstimates(
            [.. Enumerable.Range(0, problems).Select(problem => new ProblemSamples(problem, 0, 1, [Pooled(draws.Greedy(problem))]))],
            Seed);
    }

    /// <summary>The mean in per cent, and its 95 % interval.</summary>
    public static (double Y, double Low, double High) Mean(double[] accuracies)
    {
        ResampledMean mean = AnchoredBootstrap.OfMean(accuracies, Seed);
        return (100 * mean.Estimate, 100 * mean.Interval().Low, 100 * mean.Interval().High);
    }

    static PooledSample Pooled(SimulatedSample sample) =>
        new(sample.Answer is { } answer ? $"{answer}" : null, sample.IsRight, 1, sample.Reward - 1);
}
