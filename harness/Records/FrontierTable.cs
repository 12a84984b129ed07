namespace Harness.Records;

/// <summary>The columns of frontier.csv.</summary>
public static class FrontierTable
{
    public static CsvTable<FrontierRow> Csv { get; } = new(
        "frontier.csv",
        [
            ("problems", row => row.Problems),
            ("unit", row => row.Unit),
            ("scope", row => row.Scope),
            ("bin", row => row.Bin),
            ("budget", row => CsvFields.WriteKnown(row.Budget)),
            ("pool", row => row.Pool),
            ("strategy", row => row.Strategy),
            ("multiplier", row => CsvFields.Write(row.Multiplier)),
            ("halves", row => row.Halves),
            ("judged", row => CsvFields.Write(row.Judged)),
            ("accuracy", row => CsvFields.Write(row.Accuracy)),
            ("ci_low", row => CsvFields.Write(row.CiLow)),
            ("ci_high", row => CsvFields.Write(row.CiHigh)),
            ("cost", row => CsvFields.Write(row.Cost)),
            ("cost_of_pass", row => CsvFields.Write(row.CostOfPass)),
        ],
        fields => new FrontierRow
        {
            Problems = fields.Text("problems"),
            Unit = fields.Text("unit"),
            Scope = fields.Text("scope"),
            Bin = fields.Text("bin"),
            Budget = fields.RealIfKnown("budget"),
            Pool = fields.Text("pool"),
            Strategy = fields.Text("strategy"),
            Multiplier = fields.WholeOrEmpty("multiplier", 1),
            Halves = fields.Text("halves"),
            Judged = fields.Whole("judged", 1),
            Accuracy = fields.Real("accuracy"),
            CiLow = fields.Real("ci_low"),
            CiHigh = fields.Real("ci_high"),
            Cost = fields.Real("cost"),
            CostOfPass = fields.Real("cost_of_pass"),
        });
}
