namespace Harness.Records;

/// <summary>The columns of laws.csv.</summary>
public static class ModelLawTable
{
    public static CsvTable<ModelLawRow> Csv { get; } = new(
        "laws.csv",
        [
            ("law", row => row.Law),
            ("size", row => row.Size),
            ("data", row => row.Data),
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
            ("refits", row => CsvFields.Write(row.Refits)),
            ("held_out", row => CsvFields.Write(row.HeldOut)),
            ("held_out_error", row => CsvFields.Write(row.HeldOutError)),
            ("held_out_se", row => CsvFields.Write(row.HeldOutStandardError)),
            ("chosen", row => CsvFields.Write(row.IsChosen ? 1 : 0)),
        ],
        fields => new ModelLawRow
        {
            Law = fields.Text("law"),
            Size = fields.Text("size"),
            Data = fields.Text("data"),
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
            Refits = fields.Whole("refits", 0),
            HeldOut = fields.Whole("held_out", 0),
            HeldOutError = fields.Real("held_out_error"),
            HeldOutStandardError = fields.Real("held_out_se"),
            IsChosen = fields.Whole("chosen", 0) == 1,
        });
}
