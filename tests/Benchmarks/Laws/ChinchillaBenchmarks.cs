using BenchmarkDotNet.Attributes;
using Harness.Statistics.Laws;

namespace Harness.Benchmarks.Laws;

/// <summary>The fit of <see cref="ChinchillaPoints"/> and its 1,000 refits.</summary>
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class ChinchillaBenchmarks
{
    LawData points = null!;

    [GlobalSetup]
    public void Setup() => points = ChinchillaPoints.Create();

    [Benchmark]
    public LawBootstrap FitAndRefits() => ChinchillaPoints.Fit(points);
}
