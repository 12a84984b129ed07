namespace Harness.Statistics.Laws;

/// <summary>What points of a pool's samples a law reads.</summary>
public enum LawPointsKind
{
    /// <summary>None: no pool has what the law reads.</summary>
    None,

    /// <summary>Coverage at each k.</summary>
    Coverage,

    /// <summary>Right samples of each problem.</summary>
    Counts,

    /// <summary>A strategy's accuracy at each multiplier.</summary>
    Multipliers,

    /// <summary>A strategy's accuracy at the operations that each multiplier spends.</summary>
    Operations,
}
