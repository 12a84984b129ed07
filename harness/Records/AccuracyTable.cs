namespace Harness.Records;

/// <summary>The columns of accuracy.csv.</summary>
public static class AccuracyTable
{
    public static CsvTable<AccuracyRow> Csv { get; } = new(
        "accuracy.csv",
        [
            ("pool", row => row.Pool),
            ("strategy", row => row.Strategy),
            ("multiplier", row => CsvFields.Write(row.Multiplier)),
            ("difficulty", row => row.Difficulty),
            ("problems", row => CsvFields.Write(row.Problems)),
            ("accuracy", row => CsvFields.Write(row.Accuracy)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
            ("tokens", row => CsvFields.Write(row.Tokens)),
            ("flops", row => CsvFields.Write(row.Flops)),
            ("mc_error", row => CsvFields.Write(row.MonteCarloError)),
        ],
        fields => new AccuracyRow
        {
            Pool = fields.Text(),
            Strategy = fields.Text(),
            Multiplier = fields.Whole(1),
            Difficulty = fields.Text(),
            Problems = fields.Whole(1),
            Accuracy = fields.Real(),
            CiLow = fields.Real(),
            CiHigh = fields.Real(),
            Tokens = fields.Real(),
            Flops = fields.Real(),
            MonteCarloError = fields.Real(),
        });
}
