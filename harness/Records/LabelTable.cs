namespace Harness.Records;

/// <summary>The columns of labels.csv. Rows are sorted by data as the manifest has it, split and difficulty.</summary>
public static class LabelTable
{
    public static CsvTable<LabelRow> Csv { get; } = new(
        "labels.csv",
        [
            ("data", row => row.Data),
            ("split", row => row.Split),
            ("difficulty", row => CsvFields.Write(row.Difficulty)),
            ("problems", row => CsvFields.Write(row.Problems)),
            ("samples", row => CsvFields.Write(row.Samples)),
            ("correct", row => CsvFields.Write(row.Correct)),
            ("places", row => CsvFields.Write(row.Places)),
            ("good", row => CsvFields.Write(row.Good)),
            ("completions", row => CsvFields.Write(row.Completions)),
            ("tokens", row => CsvFields.WriteCount(row.Tokens)),
            ("flops", row => CsvFields.Write(row.Flops)),
        ],
        fields => new LabelRow
        {
            Data = fields.Text("data"),
            Split = fields.Text("split"),
            Difficulty = fields.Whole("difficulty", 0),
            Problems = fields.Whole("problems", 1),
            Samples = fields.Whole("samples", 1),
            Correct = fields.Whole("correct", 0),
            Places = fields.Whole("places", 0),
            Good = fields.Real("good"),
            Completions = fields.Whole("completions", 0),
            Tokens = fields.Count("tokens"),
            Flops = fields.Real("flops"),
        });
}
