using System.Globalization;
using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>
/// Numbers in text, as canonical strings: <c>$1,450.00</c> is 1450, <c>-.50</c> is -0.5, <c>1e3</c> is 1000. Two numbers are equal
/// exactly where their canonical strings are, however many digits they have.
/// </summary>
static partial class AnswerNumber
{
    /// <summary>The first number of <paramref name="text"/>, or null.</summary>
    public static string? First(string text) => Pattern().Match(text) is { Success: true } match ? Canonical(match) : null;

    /// <summary>The last number of <paramref name="text"/>, or null.</summary>
    public static string? Last(string text) => Pattern().Matches(text).LastOrDefault() is { } match ? Canonical(match) : null;

    /// <remarks>A sign after a digit, letter or closing bracket is an operator: 10-5 ends with 5. U+2212 is the minus sign of typography.</remarks>
    [GeneratedRegex(
        @"(?:(?<![0-9A-Za-z)\]%])(?<sign>[-+\u2212]))?\$?" +
        @"(?:(?<whole>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.(?<fraction>[0-9]+))?|\.(?<fraction>[0-9]+))" +
        @"(?:[eE](?<exponent>[-+]?[0-9]{1,2})(?![0-9A-Za-z]))?",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    static string Canonical(Match match)
    {
        string whole = match.Groups["whole"].Value.Replace(",", "", StringComparison.Ordinal);
        string digits = whole + match.Groups["fraction"].Value;
        int point = whole.Length;
        if (match.Groups["exponent"] is { Success: true } exponent)
            point += int.Parse(exponent.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (point < 0)
            (digits, point) = (new string('0', -point) + digits, 0);
        digits = digits.PadRight(point, '0');
        string integer = digits[..point].TrimStart('0');
        string fraction = digits[point..].TrimEnd('0');
        if (integer.Length == 0 && fraction.Length == 0)
            return "0";
        string sign = match.Groups["sign"].Value is "-" or "\u2212" ? "-" : "";
        return $"{sign}{(integer.Length == 0 ? "0" : integer)}{(fraction.Length == 0 ? "" : ".")}{fraction}";
    }
}
