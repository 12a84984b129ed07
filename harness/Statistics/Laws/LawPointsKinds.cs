namespace Harness.Statistics.Laws;

/// <summary>Which points of a pool's samples a law reads, by the names of its columns.</summary>
public static class LawPointsKinds
{
    extension(ILaw law)
    {
        public LawPointsKind PointsKind => (string.Join(' ', law.Inputs), law.Output) switch
        {
            ("k", "coverage") => LawPointsKind.Coverage,
            ("samples", "correct") => LawPointsKind.Counts,
            ("k", "accuracy") => LawPointsKind.Multipliers,
            ("compute", "y") => LawPointsKind.Operations,
            _ => LawPointsKind.None,
        };

        /// <summary>Whether it predicts coverage at every k, not a strategy's accuracy at its multipliers.</summary>
        public bool IsOfCoverage => law.PointsKind is LawPointsKind.Coverage or LawPointsKind.Counts;
    }
}
