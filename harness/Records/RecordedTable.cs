namespace Harness.Records;

/// <summary>The columns of recorded.csv, which experiments of recorded pools have; in the manifest's order of pools.</summary>
public static class RecordedTable
{
    public static CsvTable<RecordedRow> Csv { get; } = new(
        "recorded.csv",
        [
            ("pool", row => row.Pool),
            ("samples", row => CsvFields.Write(row.Samples)),
            ("right", row => CsvFields.Write(row.Right)),
            ("checked", row => CsvFields.Write(row.Checked)),
            ("only_recorded", row => CsvFields.Write(row.OnlyRecorded)),
            ("only_checked", row => CsvFields.Write(row.OnlyChecked)),
            ("first_disagreement", row => row.FirstDisagreement),
        ],
        fields => new RecordedRow
        {
            Pool = fields.Text("pool"),
            Samples = fields.Whole("samples", 0),
            Right = fields.WholeOrEmpty("right", 0),
            Checked = fields.Whole("checked", 0),
            OnlyRecorded = fields.Whole("only_recorded", 0),
            OnlyChecked = fields.Whole("only_checked", 0),
            FirstDisagreement = fields.Text("first_disagreement"),
        });
}
