using Harness.Manifests;
using Harness.Training;

namespace Harness.Results;

/// <summary>An experiment that makes models, and what it made.</summary>
/// <param name="Models">In the manifest's order.</param>
public sealed record TrainedExperiment(Manifest Manifest, IReadOnlyList<TrainedModel> Models);
