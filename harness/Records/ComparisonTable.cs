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
        ],
        fields => new ComparisonRow
        {
            FirstPool = fields.Text(),
            FirstStrategy = fields.Text(),
            FirstMultiplier = fields.Whole(1),
            SecondPool = fields.Text(),
            SecondStrategy = fields.Text(),
            SecondMultiplier = fields.Whole(1),
            Difficulty = fields.Text(),
            Problems = fields.Whole(1),
            FirstAccuracy = fields.Real(),
            SecondAccuracy = fields.Real(),
            Difference = fields.Real(),
            CiLow = fields.Real(),
            CiHigh = fields.Real(),
            PValue = fields.Real(),
            Test = fields.Text(),
        });
}
