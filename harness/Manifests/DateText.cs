using System.Globalization;

namespace Harness.Manifests;

/// <summary>Dates as manifests, options and references write them: 2024-07-26.</summary>
public static class DateText
{
    const string Form = "yyyy-MM-dd";

    public static string Of(DateOnly date) => date.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Null where the text is no such date.</summary>
    public static DateOnly? Read(string text) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;
}
