extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Records;
using Harness.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>docs/statistics/NAME.csv: what a picture shows, to six significant digits.</summary>
static class PictureTable
{
    static readonly CsvTable<PictureRow> csv = new(
        "picture.csv",
        [
            ("panel", row => row.Panel), ("line", row => row.Line), ("x", row => Write(row.X)), ("y", row => Write(row.Y)),
            ("low", row => Write(row.Low)), ("high", row => Write(row.High)),
        ],
        fields => new PictureRow(
            fields.Text("panel"), fields.Text("line"), fields.Real("x"), fields.Real("y"), fields.RealIfKnown("low"),
            fields.RealIfKnown("high")));

    public static byte[] Write(IEnumerable<PictureRow> rows) => csv.Write(rows);

    public static IReadOnlyList<PictureRow> Read(byte[] content, string path) => csv.Parse(content, path);

    static string Write(double value) => double.IsNaN(value) ? "" : CsvFields.Write(SignificantDigits.Round(value));
}
