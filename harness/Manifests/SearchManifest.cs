using Harness.Strategies;

namespace Harness.Manifests;

/// <summary>A strategy that generates for itself, with the task, prompt and decoding of its pool.</summary>
public sealed record SearchManifest : BoundStrategy
{
    /// <summary>Made with the verifier and the options that the manifest gives it.</summary>
    public required ISearchStrategy Strategy { get; init; }

    /// <summary>Independent searches of each problem at each multiplier.</summary>
    public int Replicates => Options[SearchStrategyDefinition.Replicates.Name];
}
