using Harness.Analysis;
using Harness.Analysis.Laws;
using Harness.Identity;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Tasks.Prompts;

namespace Harness.Results;

/// <summary>All that contributors read: an experiment, its samples, and what was computed from them.</summary>
public sealed record AnalysedExperiment
{
    public required Manifest Manifest { get; init; }

    /// <summary>Its name that every machine shares.</summary>
    public required string ModelName { get; init; }
    public required ModelRecord Model { get; init; }

    /// <summary>In the order of the manifest's pools; null of a recorded one.</summary>
    public required IReadOnlyList<PromptTemplate?> Prompts { get; init; }
    public required SampleFiles Files { get; init; }
    public required IReadOnlyDictionary<PoolManifest, ProblemSamples[]> Pools { get; init; }
    public required IReadOnlyList<AccuracyRow> Accuracy { get; init; }
    public required IReadOnlyList<ComparisonRow> Comparisons { get; init; }
    public required IReadOnlyList<FitRow> Fits { get; init; }
    public required IReadOnlyList<FrontierRow> Frontier { get; init; }
    public required Headline? Headline { get; init; }

    /// <summary>Computes everything that is a function of the samples.</summary>
    public static AnalysedExperiment Of(ResolvedExperiment experiment, ModelRecord model, SampleFiles files)
    {
        Manifest manifest = experiment.Manifest;
        IReadOnlyDictionary<PoolManifest, ProblemSamples[]> pools = Estimates.PoolsOf(manifest, files, model.Judges);
        Dictionary<PoolManifest, PoolEstimates> estimates =
            pools.ToDictionary(pool => pool.Key, pool => Estimates.Of(manifest, pool.Key, pool.Value));
        IReadOnlyList<AccuracyRow> accuracy = Estimates.Of(manifest, model.Shape, estimates);
        return new AnalysedExperiment
        {
            Manifest = manifest,
            ModelName = experiment.Inputs.ModelName,
            Model = model,
            Prompts = experiment.Prompts,
            Files = files,
            Pools = pools,
            Accuracy = accuracy,
            Comparisons = PairedComparisons.Of(manifest, estimates),
            Fits = StrategyLaws.Of(manifest.Strategies, model.Shape, pool => estimates[pool], manifest.Seed),
            Frontier = Analysis.Frontiers.Frontier.Of(manifest, model.Shape, estimates),
            Headline = Headline.Of(manifest, accuracy, estimates, model.Shape),
        };
    }
}
