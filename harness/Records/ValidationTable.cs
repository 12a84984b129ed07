namespace Harness.Records;

/// <summary>The columns of validation.csv.</summary>
public static class ValidationTable
{
    public static CsvTable<ValidationRow> Csv { get; } = new(
        "validation.csv",
        [
            ("model", row => row.Model),
            ("step", row => CsvFields.Write(row.Step)),
            ("data", row => row.Data),
            ("sequences", row => CsvFields.Write(row.Sequences)),
            ("loss_tokens", row => CsvFields.WriteCount(row.LossTokens)),
            ("loss", row => CsvFields.Write(row.Loss)),
        ],
        fields => new ValidationRow
        {
            Model = fields.Text("model"),
            Step = fields.Whole("step", 1),
            Data = fields.Text("data"),
            Sequences = fields.Whole("sequences", 1),
            LossTokens = fields.Count("loss_tokens"),
            Loss = fields.Real("loss"),
        });
}
