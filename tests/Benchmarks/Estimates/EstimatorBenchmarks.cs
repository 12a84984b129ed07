using BenchmarkDotNet.Attributes;
using Harness.Analysis;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;

namespace Harness.Benchmarks.Estimates;

/// <summary>Each estimator of <see cref="EstimatedPool"/>, and all of them, with chance baselines, costs and 10,000 resamples.</summary>
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class EstimatorBenchmarks
{
    ProblemSamples[] problems = [];

    public static IEnumerable<string> Names => EstimatedPool.Readers.Select(reader => reader.Name).Append("all");

    [ParamsSource(nameof(Names))]
    public string Estimator { get; set; } = "";

    [GlobalSetup]
    public void Setup() => problems = EstimatedPool.Create();

    [Benchmark]
    public IReadOnlyList<IReadOnlyList<AccuracyRow>> Estimate()
    {
        StrategyManifest[] readers =
            [.. EstimatedPool.Readers.Where(reader => Estimator == "all" || reader.Name == Estimator).Select(reader => reader.Reader)];
        return new AccuracyEstimator(EstimatedPool.Estimates(problems, readers), EstimatedPool.Model).Estimate(readers);
    }
}
