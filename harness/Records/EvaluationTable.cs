namespace Harness.Records;

/// <summary>The columns of evaluations.csv.</summary>
public static class EvaluationTable
{
    public static CsvTable<EvaluationRow> Csv { get; } = new(
        "evaluations.csv",
        [
            ("model", row => row.Model),
            ("evaluation", row => row.Evaluation),
            ("loops", row => CsvFields.Write(row.Loops)),
            ("problem", row => CsvFields.Write(row.Problem)),
            ("difficulty", row => CsvFields.Write(row.Difficulty)),
            ("samples", row => CsvFields.Write(row.Samples)),
            ("correct", row => CsvFields.Write(row.Correct)),
            ("cut_off", row => CsvFields.Write(row.CutOff)),
            ("prompt_tokens", row => CsvFields.Write(row.PromptTokens)),
            ("tokens", row => CsvFields.WriteCount(row.Tokens)),
            ("flops", row => CsvFields.Write(row.Flops)),
        ],
        fields => new EvaluationRow
        {
            Model = fields.Text("model"),
            Evaluation = fields.Text("evaluation"),
            Loops = fields.Whole("loops", 1),
            Problem = fields.Whole("problem", 0),
            Difficulty = fields.Whole("difficulty", 0),
            Samples = fields.Whole("samples", 1),
            Correct = fields.Whole("correct", 0),
            CutOff = fields.Whole("cut_off", 0),
            PromptTokens = fields.Whole("prompt_tokens", 1),
            Tokens = fields.Count("tokens"),
            Flops = fields.Real("flops"),
        });
}
