namespace Harness.Manifests;

/// <summary>Problems that models are asked when they are trained, or of which they judge the answers.</summary>
public sealed record EvaluationManifest
{
    /// <summary>What is asked, and how it is decoded.</summary>
    public required PoolManifest Pool { get; init; }

    /// <summary>Names of the models that are asked, in the manifest's order.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Of looped models, at each of which they are asked; empty: as often as they pass their layers at most.</summary>
    public IReadOnlyList<int> Loops { get; init; } = [];

    /// <summary>Whether the manifest's Model answers, and the models, reward models, judge its answers.</summary>
    public bool IsJudged { get; init; }

    public string Name => Pool.Name;

    /// <summary>Passes at which a model is asked, in ascending order.</summary>
    public IReadOnlyList<int> LoopsOf(TrainManifest train) => Loops.Count > 0 ? [.. Loops.Order()] : [train.Loops];

    /// <summary>Where the manifest names it.</summary>
    public SourcePlace Place { get; init; }
}
