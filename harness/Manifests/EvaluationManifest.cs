namespace Harness.Manifests;

/// <summary>Problems that models are asked when they are trained.</summary>
public sealed record EvaluationManifest
{
    /// <summary>What is asked, and how it is decoded.</summary>
    public required PoolManifest Pool { get; init; }

    /// <summary>Names of the models that are asked, in the manifest's order.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    public string Name => Pool.Name;

    /// <summary>Where the manifest names it.</summary>
    public SourcePlace Place { get; init; }
}
