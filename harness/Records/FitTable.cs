namespace Harness.Records;

/// <summary>The columns of fits.csv.</summary>
public static class FitTable
{
    public static CsvTable<FitRow> Csv { get; } = new(
        "fits.csv",
        [
            ("pool", row => row.Pool),
            ("strategy", row => row.Strategy),
            ("law", row => row.Law),
            ("parameter", row => row.Parameter),
            ("value", row => CsvFields.Write(row.Value)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
            ("points", row => CsvFields.Write(row.Points)),
            ("dropped", row => CsvFields.Write(row.Dropped)),
            ("loss_name", row => row.LossName),
            ("loss", row => CsvFields.Write(row.Loss)),
            ("starts", row => CsvFields.Write(row.Starts)),
            ("reached", row => CsvFields.Write(row.Reached)),
            ("held_out_error", row => CsvFields.Write(row.HeldOutError)),
            ("held_out_se", row => CsvFields.Write(row.HeldOutStandardError)),
            ("chosen", row => CsvFields.Write(row.IsChosen ? 1 : 0)),
        ],
        fields => new FitRow
        {
            Pool = fields.Text("pool"),
            Strategy = fields.Text("strategy"),
            Law = fields.Text("law"),
            Parameter = fields.Text("parameter"),
            Value = fields.Real("value"),
            CiLow = fields.Real("ci_low"),
            CiHigh = fields.Real("ci_high"),
            Points = fields.Whole("points", 0),
            Dropped = fields.Whole("dropped", 0),
            LossName = fields.Text("loss_name"),
            Loss = fields.Real("loss"),
            Starts = fields.Whole("starts", 0),
            Reached = fields.Whole("reached", 0),
            HeldOutError = fields.Real("held_out_error"),
            HeldOutStandardError = fields.Real("held_out_se"),
            IsChosen = fields.Whole("chosen", 0) == 1,
        });
}
