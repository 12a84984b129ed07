namespace Harness.Records;

/// <summary>The columns of entropy.csv.</summary>
public static class EntropyTable
{
    public static CsvTable<EntropyRow> Csv { get; } = new(
        "entropy.csv",
        [
            ("data", row => row.Data),
            ("problems", row => CsvFields.Write(row.Problems)),
            ("tokens", row => CsvFields.Write(row.Tokens)),
            ("entropy", row => CsvFields.Write(row.Entropy)),
            ("se", row => CsvFields.Write(row.StandardError)),
        ],
        fields => new EntropyRow
        {
            Data = fields.Text("data"),
            Problems = fields.Whole("problems", 0),
            Tokens = fields.Real("tokens"),
            Entropy = fields.Real("entropy"),
            StandardError = fields.Real("se"),
        });
}
