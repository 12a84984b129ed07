namespace Harness.Records;

/// <summary>The columns of verifiers.csv.</summary>
public static class VerifierTable
{
    public static CsvTable<VerifierRow> Csv { get; } = new(
        "verifiers.csv",
        [
            ("pool", row => row.Pool),
            ("verifier", row => row.Verifier),
            ("difficulty", row => row.Difficulty),
            ("problems", row => CsvFields.Write(row.Problems)),
            ("compared", row => CsvFields.Write(row.Compared)),
            ("auc", row => CsvFields.WriteKnown(row.Auc)),
            ("ci_low", row => CsvFields.WriteKnown(row.CiLow)),
            ("ci_high", row => CsvFields.WriteKnown(row.CiHigh)),
            ("brier", row => CsvFields.WriteKnown(row.Brier)),
            ("calibration_error", row => CsvFields.WriteKnown(row.CalibrationError)),
            ("mean_reward", row => CsvFields.WriteKnown(row.MeanReward)),
            ("right", row => CsvFields.WriteKnown(row.Right)),
        ],
        fields => new VerifierRow
        {
            Pool = fields.Text("pool"),
            Verifier = fields.Text("verifier"),
            Difficulty = fields.Text("difficulty"),
            Problems = fields.Whole("problems", 0),
            Compared = fields.Whole("compared", 0),
            Auc = fields.RealIfKnown("auc"),
            CiLow = fields.RealIfKnown("ci_low"),
            CiHigh = fields.RealIfKnown("ci_high"),
            Brier = fields.RealIfKnown("brier"),
            CalibrationError = fields.RealIfKnown("calibration_error"),
            MeanReward = fields.RealIfKnown("mean_reward"),
            Right = fields.RealIfKnown("right"),
        });
}
