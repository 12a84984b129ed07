namespace Harness.Records;

/// <summary>The columns of calibration.csv; ranges without an answer have no row.</summary>
public static class CalibrationTable
{
    public static CsvTable<CalibrationRow> Csv { get; } = new(
        "calibration.csv",
        [
            ("pool", row => row.Pool),
            ("verifier", row => row.Verifier),
            ("from", row => CsvFields.Write(row.From)),
            ("to", row => CsvFields.Write(row.To)),
            ("samples", row => CsvFields.Write(row.Samples)),
            ("mean_reward", row => CsvFields.Write(row.MeanReward)),
            ("right", row => CsvFields.Write(row.Right)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
        ],
        fields => new CalibrationRow
        {
            Pool = fields.Text("pool"),
            Verifier = fields.Text("verifier"),
            From = fields.Real("from"),
            To = fields.Real("to"),
            Samples = fields.Whole("samples", 1),
            MeanReward = fields.Real("mean_reward"),
            Right = fields.Real("right"),
            CiLow = fields.Real("ci_low"),
            CiHigh = fields.Real("ci_high"),
        });
}
