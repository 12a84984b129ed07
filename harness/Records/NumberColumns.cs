using System.Globalization;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>Columns of numbers in anyone's CSV file, by their names.</summary>
public sealed class NumberColumns
{
    readonly string file;
    readonly string[] header;
    readonly List<(long Line, string[] Fields)> rows = [];

    /// <exception cref="HarnessException"><see cref="Codes.DataNotFound"/>; <see cref="Codes.DataCorrupt"/> at the line.</exception>
    public NumberColumns(string file)
    {
        this.file = file;
        if (!File.Exists(file))
            throw Codes.DataNotFound.With("is not there", file);
        header = CsvText.Read(file, Codes.DataCorrupt, skipsEmptyLines: true, csv =>
        {
            string[] names = [.. csv.Headers ?? []];
            while (csv.Read())
                rows.Add((csv.LineNumber, [.. names.Select((_, place) => csv.GetString(place))]));
            return names;
        });
    }

    public int Rows => rows.Count;

    public bool Has(string column) => header.Contains(column);

    /// <summary>The column's numbers; NaN where a field is empty.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.DataCorrupt"/>: no such column, or a field that is no number.</exception>
    public double[] Of(string column)
    {
        int place = Array.IndexOf(header, column);
        if (place < 0)
            throw Codes.DataCorrupt.With($"has no column '{column}'; it has {string.Join(", ", header)}", file, 1, 1);
        return [.. rows.Select(row => Number(row.Fields[place], column, row.Line))];
    }

    double Number(string text, string column, long line) => text.Length == 0 ? double.NaN
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Codes.DataCorrupt.With($"{column} is '{text}', which is no number", file, (int)line, 1);
}
