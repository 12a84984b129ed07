using System.Globalization;
using CsvHelper;

namespace Harness.Records;

/// <summary>The fields of one record, taken by their column's name; whatever is not in the form that is written is refused.</summary>
public sealed class CsvFields(CsvReader csv, IReadOnlyDictionary<string, int> columns)
{
    public bool Has(string column) => columns.ContainsKey(column);

    /// <exception cref="KeyNotFoundException">The header lacks the column.</exception>
    public string Text(string column) => columns.TryGetValue(column, out int place)
        ? csv.GetString(place)
        : throw new KeyNotFoundException($"the header lacks the column '{column}'");

    public int Whole(string column, int low = int.MinValue, int high = int.MaxValue)
    {
        string text = Text(column);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= low && number <= high && number.ToString(CultureInfo.InvariantCulture) == text
            ? number
            : throw Wrong(column, text);
    }

    public long Count(string column)
    {
        string text = Text(column);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && WriteCount(number) == text
            ? number
            : throw Wrong(column, text);
    }

    public double Real(string column)
    {
        string text = Text(column);
        return TryNumber(text, out double number) && Write(number) == text
            ? number
            : throw Wrong(column, text);
    }

    /// <summary>The value of a column that files of an earlier schema lack.</summary>
    public double RealOr(string column, double absent) => Has(column) ? Real(column) : absent;

    /// <summary>Null where the field is empty.</summary>
    public int? WholeOrEmpty(string column, int low = int.MinValue) => Text(column).Length > 0 ? Whole(column, low) : null;

    /// <summary>As <see cref="WholeOrEmpty"/>.</summary>
    public double? RealOrEmpty(string column) => Text(column).Length > 0 ? Real(column) : null;

    /// <summary>NaN where the field is empty, or a file of an earlier schema lacks the column.</summary>
    public double RealIfKnown(string column) => Has(column) ? RealOrEmpty(column) ?? double.NaN : double.NaN;

    /// <summary>No value becomes empty.</summary>
    public static string Write(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    public static string WriteCount(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is not known, NaN, is empty: never a number that somebody could add up.</summary>
    public static string WriteKnown(double number) => double.IsNaN(number) ? "" : Write(number);

    /// <summary>Reads what <see cref="Write(double?)"/> writes, and other forms of a number too.</summary>
    public static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>Shortest form that reads back as the same double; -0 becomes 0, no value becomes empty.</summary>
    public static string Write(double? number) =>
        number is { } value ? (value == 0 ? 0.0 : value).ToString("R", CultureInfo.InvariantCulture) : "";

    static FormatException Wrong(string column, string text) => new($"{column} is '{text}'");
}
