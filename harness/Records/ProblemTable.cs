namespace Harness.Records;

/// <summary>The columns of problems.csv: what analyses need of the data, so that they can be made without it.</summary>
public static class ProblemTable
{
    public static CsvTable<ProblemRow> Csv { get; } = new(
        "problems.csv",
        [
            ("pool", row => row.Pool),
            ("problem", row => CsvFields.Write(row.Problem)),
            ("gold", row => row.Gold),
        ],
        fields => new ProblemRow
        {
            Pool = fields.Text("pool"),
            Problem = fields.Whole("problem", 0),
            Gold = fields.Text("gold"),
        });
}
