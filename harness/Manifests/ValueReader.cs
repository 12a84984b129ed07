using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>Types the strings of one property group or item; a wrong one is an error at the place where it was written.</summary>
sealed partial class ValueReader
{
    const string Include = "Include";

    readonly Dictionary<string, string> values;
    readonly Func<string, SourcePlace> placeOf;
    readonly string owner;
    readonly Diagnostic wrong;

    /// <param name="owner">Ends messages: " of pool 'think'".</param>
    public ValueReader(IReadOnlyDictionary<string, string> values, Func<string, SourcePlace> placeOf, string owner,
        Diagnostic? wrong = null)
    {
        this.values = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in values)
            this.values[name] = value;
        this.placeOf = placeOf;
        this.owner = owner;
        this.wrong = wrong ?? Codes.BadValue;
    }

    /// <summary>Names that are none of the valid ones.</summary>
    public IEnumerable<HarnessException> Unknown(IReadOnlyList<string> names, Diagnostic code, string kind) => values.Keys
        .Where(name => !names.Has(name) && name != Include)
        .Select(name => Complaint(code, name, $"'{name}' is not a known {kind}{NearestName.Hint(name, names)}"));

    /// <summary>The value as it was written, ends included, unless it holds a line break, which can only be the XML's layout.</summary>
    public string? Verbatim(string name) => Text(name) is null || values[name].Contains('\n') ? Text(name) : values[name];

    /// <summary>Null where absent or empty.</summary>
    public string? Text(string name) => values.TryGetValue(name, out string? value) && value.Trim().Length > 0 ? value.Trim() : null;

    public string Required(string name) => Text(name) ?? throw Complaint(Codes.MissingValue, name, $"{name}{owner} is missing");

    /// <summary>The registered object of this name, whatever the case it was written in.</summary>
    public T Known<T>(string name, IReadOnlyList<T> known, Func<T, string> nameOf, Diagnostic code, string kind)
        where T : class
    {
        string value = Required(name);
        return known.FirstOrDefault(candidate => nameOf(candidate).Equals(value, StringComparison.OrdinalIgnoreCase))
            ?? throw Complaint(code, name, $"'{value}' is not a {kind}{NearestName.Hint(value, known.Select(nameOf))}");
    }

    /// <summary>The registered object of this name; null where none is named.</summary>
    public T? Choice<T>(string name, IReadOnlyList<T> choices, Func<T, string> nameOf)
        where T : class =>
        Choice(name, [.. choices.Select(nameOf)]) is { } chosen ? choices.First(choice => nameOf(choice) == chosen) : null;

    public string? Choice(string name, IReadOnlyList<string> choices)
    {
        if (Text(name) is not { } value)
            return null;
        return choices.FirstOrDefault(choice => choice.Equals(value, StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong(name, value, $"one of {string.Join(", ", choices)}");
    }

    /// <summary>A name that may be part of a file's.</summary>
    public string FileName(string name)
    {
        string value = Required(name);
        return FileNamePattern().IsMatch(value) ? value
            : throw Wrong(name, value, "letters, digits, '-', '_' and '.', a letter or digit first");
    }

    /// <param name="absent">Null: the value is required.</param>
    public int Integer(string name, int? absent, int low, int high)
    {
        if ((absent is null ? Required(name) : Text(name)) is not { } value)
            return absent!.Value;
        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= low
            && number <= high
            ? number
            : throw Wrong(name, value, high == int.MaxValue ? $"an integer of {low} or more" : $"an integer from {low} to {high}");
    }

    public ulong Unsigned(string name, ulong absent)
    {
        if (Text(name) is not { } value)
            return absent;
        return ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw Wrong(name, value, "an integer from 0 to 18446744073709551615");
    }

    public float Real(string name, float absent, float low, float high, bool aboveLow = false)
    {
        if (Text(name) is not { } value)
            return absent;
        return float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            && number >= low && number <= high && !(aboveLow && number == low)
            ? number + 0f
            : throw Wrong(name, value,
                aboveLow
                    ? FormattableString.Invariant($"a number above {low} up to {high}")
                    : FormattableString.Invariant($"a number from {low} to {high}"));
    }

    /// <summary>A number, or one in per cent; null where absent.</summary>
    public double? Share(string name) => Text(name) is not { } value ? null
        : ShareText.Read(value) ?? throw Wrong(name, value, "a number, such as 0.05 or 5%");

    public bool? Flag(string name) => Text(name) is null ? null : Choice(name, ["true", "false"]) == "true";

    public DateOnly? Date(string name) => Text(name) is not { } value ? null
        : DateText.Read(value) ?? throw Wrong(name, value, "a date, such as 2024-07-26");

    /// <summary>Semicolon-separated, ascending; an integer may occur once.</summary>
    public IReadOnlyList<int> Integers(string name, int low)
    {
        List<int> numbers = [];
        foreach (string part in Texts(name))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) || number < low
                || numbers.Contains(number))
                throw Wrong(name, part, $"an integer of {low} or more, listed once");
            numbers.Add(number);
        }
        numbers.Sort();
        return numbers;
    }

    /// <summary>Semicolon-separated, the ends of each trimmed.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Text(name) is { } value ? value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>
    /// As <see cref="Texts"/>; \n, \t and \\ stand for a line break, a tab and a backslash, whose own characters would be trimmed.
    /// </summary>
    public IReadOnlyList<string> StopStrings(string name)
    {
        if (values.TryGetValue(name, out string? written)
            && written.Split(';').FirstOrDefault(part => part.Length > 0 && part.Trim().Length == 0) is { } blank)
            throw Wrong(name, blank, @"texts between ;: write \n for a line break, \t for a tab, and leave out what is spaces alone");
        return [.. Texts(name).Select(part => StopEscape().Replace(part, escape =>
            escape.Value[1] switch { 'n' => "\n", 't' => "\t", _ => "\\" }))];
    }

    /// <summary>Bytes, or a number with KB, MB, GB (powers of 1,024); 0 where absent.</summary>
    public long Bytes(string name)
    {
        if (Text(name) is not { } value)
            return 0;
        Match match = BytesPattern().Match(value);
        if (!match.Success || !double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            throw Wrong(name, value, "bytes, such as 800MB or 4GB");
        double bytes = number * match.Groups[2].Value.ToUpperInvariant() switch
        {
            "K" => 1L << 10,
            "M" => 1L << 20,
            "G" => 1L << 30,
            "T" =>
            1L << 40,
            _ => 1L
        };
        return bytes is >= 1 and < 1L << 60 ? (long)bytes : throw Wrong(name, value, "bytes, such as 800MB or 4GB");
    }

    /// <summary>A whole number of 1 or more, with k, M or G for thousands, millions or billions.</summary>
    /// <param name="absent">Null: the value is required.</param>
    public long Count(string name, string? absent, long most)
    {
        string value = (absent is null ? Required(name) : Text(name)) ?? absent!;
        Match match = CountPattern().Match(value);
        if (match.Success && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal number))
        {
            const decimal thousand = 1000;
            number *= match.Groups[2].Value.ToUpperInvariant() switch
            {
                "K" => thousand,
                "M" => thousand * thousand,
                "G" => thousand * thousand * thousand,
                _ => 1,
            };
            if (number >= 1 && number <= most && number == decimal.Truncate(number))
                return (long)number;
        }
        throw Wrong(name, value, $"a count of 1 or more, such as 500k, 10M or 1.5G{(most == int.MaxValue ? ", below 2^31" : "")}");
    }

    /// <param name="absent">Null: the value is required.</param>
    public double Double(string name, string? absent, double low, double high, bool aboveLow)
    {
        string value = (absent is null ? Required(name) : Text(name)) ?? absent!;
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number <= high
            && (aboveLow ? number > low : number >= low)
            ? number
            : throw Wrong(name, value,
                FormattableString.Invariant($"a number {(aboveLow ? "above" : "from")} {low} {(aboveLow ? "up to" : "to")} {high}"));
    }

    public HarnessException Complaint(Diagnostic code, string name, string message)
    {
        SourcePlace place = placeOf(name);
        return code.With(message, place.File, place.Line, place.Column);
    }

    HarnessException Wrong(string name, string value, string expected) =>
        Complaint(wrong, name, $"{name}{owner} is '{value}'; expected {expected}");

    [GeneratedRegex(@"\\[nt\\]")]
    private static partial Regex StopEscape();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex FileNamePattern();

    [GeneratedRegex(@"^(\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})([KMG]?)$", RegexOptions.IgnoreCase)]
    private static partial Regex CountPattern();

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?$", RegexOptions.IgnoreCase)]
    private static partial Regex BytesPattern();
}
