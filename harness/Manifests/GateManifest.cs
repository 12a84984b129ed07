namespace Harness.Manifests;

/// <summary>A condition that an experiment's results must meet. It changes no result.</summary>
public sealed record GateManifest
{
    public required string Name { get; init; }

    public required GateMetric Metric { get; init; }

    /// <summary>Null of a speed.</summary>
    public PoolManifest? Pool { get; init; }

    /// <summary>Null of a speed, and of a share of a pool's samples.</summary>
    public StrategyManifest? Strategy { get; init; }

    /// <summary>One of the strategy's; 0 where there is none.</summary>
    public int Multiplier { get; init; }

    /// <summary>A difficulty of the pool, or all.</summary>
    public required string Difficulty { get; init; }

    /// <summary>Samples decoded together, of a speed; null: the most that were measured.</summary>
    public int? Batch { get; init; }

    /// <summary>What the value may not be below; null where nothing is said.</summary>
    public double? Min { get; init; }

    /// <summary>What the value may not be above.</summary>
    public double? Max { get; init; }

    /// <summary>
    /// How much worse than the baseline the value may be: of accuracy and shares in their own units, of all else as a share of the
    /// baseline's value.
    /// </summary>
    public double? MaxRegression { get; init; }

    /// <summary>What <see cref="MaxRegression"/> compares with: a commit, tag, branch or folder.</summary>
    public required string Baseline { get; init; }

    /// <summary>The commit, tag, branch or folder from which the value may not differ by more than the margin.</summary>
    public string? EquivalentTo { get; init; }

    /// <summary>In the units of <see cref="MaxRegression"/>; null without <see cref="EquivalentTo"/>.</summary>
    public double? Margin { get; init; }

    /// <summary>Whether it fails where it cannot tell.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Where the manifest writes it.</summary>
    public required SourcePlace Place { get; init; }
}
