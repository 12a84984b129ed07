using System.Globalization;

namespace Harness.Statistics;

/// <summary>How precisely estimates are written: a difference in the seventh digit is none that a person would call a change.</summary>
public static class SignificantDigits
{
    const string Six = "G6";

    /// <summary>The nearest number of six significant decimal digits.</summary>
    public static double Round(double value) =>
        double.IsFinite(value) ? double.Parse(value.ToString(Six, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;
}
