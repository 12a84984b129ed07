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
            ("reward", row => CsvFields.Write(row.Reward)),
            ("tokens_hash", row => row.TokensHash),
        ],
        fields => new SampleRow
        {
            Pool = fields.Text(),
            Problem = fields.Whole(0),
            Sample = fields.Whole(0),
            Difficulty = fields.Whole(0),
            PromptTokens = fields.Whole(0),
            Tokens = fields.Whole(0),
            Finish = fields.Text(),
            Answer = fields.Text(),
            Correct = fields.Whole(0, 1),
            Logprob = fields.Real(),
            Reward = fields.RealOrEmpty(),
            TokensHash = fields.Text(),
        });
}
