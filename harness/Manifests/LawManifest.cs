using Harness.Statistics.Laws;

namespace Harness.Manifests;

/// <summary>A law of the losses that an experiment's models end with, or of their coverage.</summary>
public sealed record LawManifest
{
    public required ILaw Law { get; init; }

    /// <summary>Names of the models that it is fitted to, in the manifest's order.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Names of those that it is to predict from the others.</summary>
    public required IReadOnlyList<string> HeldOut { get; init; }

    /// <summary>A fit for each.</summary>
    public required IReadOnlyList<ModelSize> Sizes { get; init; }

    /// <summary>
    /// Of a law of losses, a fit for that on each of these data, <see cref="Records.EntropyRow.AllData"/> for all; none of one of coverage.
    /// </summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Of a law of coverage, a fit for each of these evaluations; none of a law of losses.</summary>
    public required IReadOnlyList<string> Evaluations { get; init; }

    /// <summary>Whether it predicts coverage, and not a loss.</summary>
    public bool IsOfCoverage => Law.Output == "coverage";

    /// <summary>Where the manifest names it.</summary>
    public SourcePlace Place { get; init; }
}
