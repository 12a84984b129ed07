using System.Globalization;
using CsvHelper;

namespace Harness.Records;

/// <summary>The fields of one record, taken in order; whatever is not in the form that is written is refused.</summary>
public sealed class CsvFields(CsvReader csv)
{
    int next;

    public string Text() => csv.GetString(next++);

    public int Whole(int low = int.MinValue, int high = int.MaxValue)
    {
        string text = Text();
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= low && number <= high && number.ToString(CultureInfo.InvariantCulture) == text
            ? number
            : throw Wrong(text);
    }

    public double Real()
    {
        string text = Text();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Write(number) == text
            ? number
            : throw Wrong(text);
    }

    public double? RealOrEmpty()
    {
        if (!csv.IsEmpty(next))
            return Real();
        next++;
        return null;
    }

    public static string Write(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Shortest form that reads back as the same double; -0 becomes 0, no value becomes empty.</summary>
    public static string Write(double? number) =>
        number is { } value ? (value == 0 ? 0.0 : value).ToString("R", CultureInfo.InvariantCulture) : "";

    FormatException Wrong(string text) => new($"{csv.Headers![next - 1]} is '{text}'");
}
