using Harness.Samples;
using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>
/// At least a share of k samples right: G-Pass@k(tau) of Liu et al. 2024 (arXiv 2412.13147), and with the share of 100 per cent pass^k of
/// Yao et al. 2024 (arXiv 2406.12045). Coverage says what a model can do, this what it can be relied on to do.
/// </summary>
public sealed class GPass(int threshold) : IPooledStrategy
{
    const string Threshold = "Threshold";

    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "g-pass",
        Summary = "at least Threshold per cent of k samples right (G-Pass@k; with 100 pass^k), a measure that returns no answer",
        IsMeasure = true,
        Options =
        [
            new() { Name = Threshold, Summary = "Least share of right samples, in per cent.", Default = 100, Low = 1, High = 100 },
        ],
        Create = settings => new GPass(settings.Options[Threshold]),
    };

    public int SamplesFor(int multiplier) => multiplier;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed)
    {
        // ceil(tau k)
        int least = (int)(((long)threshold * multiplier + 99) / 100);
        return StrategyEstimate.Exact(
            PassAtK.AtLeast(problem.Samples.Count, problem.CorrectCount, multiplier, least),
            ScoredEstimators.AtLeast(multiplier, least));
    }
}
