using System.Globalization;

namespace Harness.Reports;

/// <summary>Numbers as reports write them.</summary>
public static class NumberText
{
    const double LeastShown = 0.001;
    const int Digits = 3;

    /// <summary>Without the sign of a zero.</summary>
    public static string Fixed(double value, int digits = Digits)
    {
        string text = value.ToString($"F{digits}", CultureInfo.InvariantCulture);
        return text.StartsWith('-') && text.AsSpan(1).IndexOfAnyExcept('0', '.') < 0 ? text[1..] : text;
    }

    /// <summary>The chance of a result as large by accident.</summary>
    public static string PValue(double p) => p < LeastShown ? "below 0.001" : Fixed(p);

    /// <summary>A number of things: "1 sample", "2 samples".</summary>
    public static string Count(int number, string thing) =>
        $"{number.ToString(CultureInfo.InvariantCulture)} {thing}{(number == 1 ? "" : "s")}";
}
