namespace Harness.Records;

/// <summary>The columns of truth.csv.</summary>
public static class TruthTable
{
    public static CsvTable<TruthRow> Csv { get; } = new(
        "truth.csv",
        [
            ("pool", row => row.Pool),
            ("strategy", row => row.Strategy),
            ("multiplier", row => CsvFields.Write(row.Multiplier)),
            ("accuracy", row => CsvFields.Write(row.Accuracy)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
            ("truth", row => CsvFields.Write(row.Truth)),
            ("inside", row => row.IsInside ? "1" : "0"),
        ],
        fields => new TruthRow
        {
            Pool = fields.Text("pool"),
            Strategy = fields.Text("strategy"),
            Multiplier = fields.Whole("multiplier", 1),
            Accuracy = fields.Real("accuracy"),
            CiLow = fields.Real("ci_low"),
            CiHigh = fields.Real("ci_high"),
            Truth = fields.Real("truth"),
            IsInside = fields.Whole("inside", 0, 1) == 1,
        });
}
