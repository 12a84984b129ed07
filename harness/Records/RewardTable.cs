namespace Harness.Records;

/// <summary>
/// The columns of rewards.csv: what verifiers gave that read the samples' texts. Rows are sorted by (pool, problem, sample, verifier).
/// </summary>
public static class RewardTable
{
    public static CsvTable<RewardRow> Csv { get; } = new(
        "rewards.csv",
        [
            ("pool", row => row.Pool),
            ("problem", row => CsvFields.Write(row.Problem)),
            ("sample", row => CsvFields.Write(row.Sample)),
            ("verifier", row => row.Verifier),
            ("reward", row => CsvFields.Write(row.Reward)),
            ("min", row => CsvFields.Write(row.Min)),
            ("product", row => CsvFields.Write(row.Product)),
            ("places", row => CsvFields.Write(row.Places)),
        ],
        fields => new RewardRow
        {
            Pool = fields.Text("pool"),
            Problem = fields.Whole("problem", 0),
            Sample = fields.Whole("sample", 0),
            Verifier = fields.Text("verifier"),
            Reward = fields.Real("reward"),
            Min = fields.Has("min") ? fields.RealOrEmpty("min") : null,
            Product = fields.Has("product") ? fields.RealOrEmpty("product") : null,
            Places = fields.Has("places") ? fields.Whole("places", 0) : 0,
        });
}
