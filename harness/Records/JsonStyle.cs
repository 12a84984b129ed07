using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Records;

/// <summary>
/// The one form of JSON that the program writes: names in snake_case, line feeds, letters as they are. A number that JSON has no form for
/// (NaN, infinities) is written as a string of its name.
/// </summary>
public static class JsonStyle
{
    /// <summary>Two spaces a level, a member a line.</summary>
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>All on one line, as a line of JSONL is.</summary>
    public static JsonSerializerOptions OneLine { get; } = new(Indented) { WriteIndented = false };

    /// <summary>The value as indented JSON, without a line break at its end.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Indented);

    /// <summary>The value as one line, without a line break at its end.</summary>
    public static string WriteLine<T>(T value) => JsonSerializer.Serialize(value, OneLine);
}
