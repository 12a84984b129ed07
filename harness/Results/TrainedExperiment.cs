using Harness.Analysis;
using Harness.Manifests;
using Harness.Records;
using Harness.Training;

namespace Harness.Results;

/// <summary>An experiment that makes models, and what it made.</summary>
/// <param name="Models">In the manifest's order.</param>
/// <param name="Labels">Of labels.csv.</param>
/// <param name="Judged">What reward models judged.</param>
/// <param name="TrunkOf">Equal for models that share their steps up to the fall of the shorter one.</param>
public sealed record TrainedExperiment(
    Manifest Manifest, IReadOnlyList<TrainedModel> Models, IReadOnlyList<LabelRow> Labels, SampleFiles Judged,
    Func<TrainManifest, string> TrunkOf)
{
    /// <summary>What each training came to, in the manifest's order.</summary>
    public IReadOnlyList<TrainedEnd> Ends { get; } = [.. Manifest.Trains.Zip(Models, (train, model) =>
        TrainedEnd.Of(train, model.Rows, model.Validation, model.Evaluations))];

    /// <summary>Operations of all steps, those that models share counted once, each step of a model alike.</summary>
    public double ComputedFlops => Manifest.Trains.Zip(Models, SharedTrunk.Steps(Manifest.Trains, TrunkOf))
        .Sum(each => each.Second.Rows[^1].Flops * ((double)(each.First.Steps - each.Third) / each.First.Steps));
}
