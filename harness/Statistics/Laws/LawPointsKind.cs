namespace Harness.Statistics.Laws;

/// <summary>What points a law reads that the samples of a pool can give, by the names of its columns.</summary>
public static class LawPointsKind
{
    /// <summary>Coverage at each k.</summary>
    public const string Coverage = "coverage";

    /// <summary>Right samples of each problem.</summary>
    public const string Counts = "counts";

    /// <summary>A strategy's accuracy at each multiplier.</summary>
    public const string Multipliers = "multipliers";

    /// <summary>A strategy's accuracy at the operations that each multiplier spends.</summary>
    public const string Operations = "operations";

    /// <summary>Null where no pool has what the law reads.</summary>
    public static string? Of(ILaw law) => (string.Join(' ', law.Inputs), law.Output) switch
    {
        ("k", "coverage") => Coverage,
        ("samples", "correct") => Counts,
        ("k", "accuracy") => Multipliers,
        ("compute", "y") => Operations,
        _ => null,
    };
}
