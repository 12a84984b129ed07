namespace Harness.Records;

/// <summary>
/// The columns of samples.csv. Rows are sorted by (pool, problem, sample): pools in the manifest's order, problems and samples by number.
/// </summary>
public static class SampleTable
{
    public static CsvTable<SampleRow> Csv { get; } = new(
        "samples.csv",
        [
            ("pool", row => row.Pool),
            ("problem", row => CsvFields.Write(row.Problem)),
            ("sample", row => CsvFields.Write(row.Sample)),
            ("difficulty", row => CsvFields.Write(row.Difficulty)),
            ("prompt_tokens", row => CsvFields.Write(row.PromptTokens)),
            ("tokens", row => CsvFields.Write(row.Tokens)),
            ("finish", row => row.Finish),
            ("answer", row => row.Answer),
            ("correct", row => CsvFields.Write(row.Correct)),
            ("logprob", row => CsvFields.Write(row.Logprob)),
            ("tokens_hash", row => row.TokensHash),
        ],
        fields => new SampleRow
        {
            Pool = fields.Text("pool"),
            Problem = fields.Whole("problem", 0),
            Sample = fields.Whole("sample", 0),
            Difficulty = fields.Whole("difficulty", 0),
            PromptTokens = fields.WholeOrEmpty("prompt_tokens", 0),
            Tokens = fields.WholeOrEmpty("tokens", 0),
            Finish = fields.Text("finish"),
            Answer = fields.Text("answer"),
            Correct = fields.Whole("correct", 0, 1),
            Logprob = fields.RealOrEmpty("logprob"),
            TokensHash = fields.Text("tokens_hash"),
        });
}
