namespace Harness.Records;

/// <summary>The columns of comparisons.csv.</summary>
public static class ComparisonTable
{
    public static CsvTable<ComparisonRow> Csv { get; } = new(
        "comparisons.csv",
        [
            ("first_pool", row => row.FirstPool),
            ("first_strategy", row => row.FirstStrategy),
            ("first_multiplier", row => CsvFields.Write(row.FirstMultiplier)),
            ("second_pool", row => row.SecondPool),
            ("second_strategy", row => row.SecondStrategy),
            ("second_multiplier", row => CsvFields.Write(row.SecondMultiplier)),
            ("difficulty", row => row.Difficulty),
            ("problems", row => CsvFields.Write(row.Problems)),
            ("first_accuracy", row => CsvFields.Write(row.FirstAccuracy)),
            ("second_accuracy", row => CsvFields.Write(row.SecondAccuracy)),
            ("difference", row => CsvFields.Write(row.Difference)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
            ("p_value", row => CsvFields.Write(row.PValue)),
            ("test", row => row.Test),
            ("p_adjusted", row => CsvFields.Write(row.AdjustedPValue)),
            ("verdict", row => row.Verdict),
            ("reason", row => row.Reason),
            ("detectable_effect", row => CsvFields.Write(row.DetectableEffect)),
            ("detectable_between", row => CsvFields.Write(row.DetectableBetween)),
            ("detectable_within", row => CsvFields.Write(row.DetectableWithin)),
            ("detectable_note", row => row.DetectableNote),
        ],
        fields => new ComparisonRow
        {
            FirstPool = fields.Text("first_pool"),
            FirstStrategy = fields.Text("first_strategy"),
            FirstMultiplier = fields.Whole("first_multiplier", 1),
            SecondPool = fields.Text("second_pool"),
            SecondStrategy = fields.Text("second_strategy"),
            SecondMultiplier = fields.Whole("second_multiplier", 1),
            Difficulty = fields.Text("difficulty"),
            Problems = fields.Whole("problems", 1),
            FirstAccuracy = fields.Real("first_accuracy"),
            SecondAccuracy = fields.Real("second_accuracy"),
            Difference = fields.Real("difference"),
            CiLow = fields.Real("ci_low"),
            CiHigh = fields.Real("ci_high"),
            PValue = fields.Real("p_value"),
            Test = fields.Text("test"),
            AdjustedPValue = fields.RealOr("p_adjusted", double.NaN),
            Verdict = fields.Has("verdict") ? fields.Text("verdict") : "",
            Reason = fields.Has("reason") ? fields.Text("reason") : "",
            DetectableEffect = fields.RealOr("detectable_effect", double.NaN),
            DetectableBetween = fields.RealOr("detectable_between", double.NaN),
            DetectableWithin = fields.RealOr("detectable_within", double.NaN),
            DetectableNote = fields.Has("detectable_note") ? fields.Text("detectable_note") : "",
        });
}
