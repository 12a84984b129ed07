namespace Harness.Records;

/// <summary>The columns of law-points.csv.</summary>
public static class LossPointTable
{
    public static CsvTable<LossPointRow> Csv { get; } = new(
        "law-points.csv",
        [
            ("law", row => row.Law),
            ("size", row => row.Size),
            ("data", row => row.Data),
            ("model", row => row.Model),
            ("item", row => row.Item),
            ("budget", row => CsvFields.WriteCount(row.Budget)),
            ("parameters", row => CsvFields.Write(row.Parameters)),
            ("tokens", row => CsvFields.Write(row.Tokens)),
            ("flops", row => CsvFields.Write(row.Flops)),
            ("loss", row => CsvFields.Write(row.Loss)),
            ("predicted", row => CsvFields.Write(row.Predicted)),
            ("predicted_low", row => CsvFields.Write(row.PredictedLow)),
            ("predicted_high", row => CsvFields.Write(row.PredictedHigh)),
            ("held_out", row => CsvFields.Write(row.IsHeldOut ? 1 : 0)),
        ],
        fields => new LossPointRow
        {
            Law = fields.Text("law"),
            Size = fields.Text("size"),
            Data = fields.Text("data"),
            Model = fields.Text("model"),
            Item = fields.Text("item"),
            Budget = fields.Count("budget"),
            Parameters = fields.Real("parameters"),
            Tokens = fields.Real("tokens"),
            Flops = fields.Real("flops"),
            Loss = fields.Real("loss"),
            Predicted = fields.Real("predicted"),
            PredictedLow = fields.Real("predicted_low"),
            PredictedHigh = fields.Real("predicted_high"),
            IsHeldOut = fields.Whole("held_out", 0) == 1,
        });
}
