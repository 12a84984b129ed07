using System.Text;
using System.Text.Json;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks.Files;

/// <summary>
/// JSON Lines: one object a line, in UTF-8. A byte order mark and blank lines are passed over; whatever else is wrong is HRN0302 with the
/// file and the line.
/// </summary>
static class JsonLines
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="bytes">The file.</param>
    /// <param name="path">The file's name in messages.</param>
    /// <param name="read">Reads an object, given its line.</param>
    public static List<T> Read<T>(ReadOnlySpan<byte> bytes, string path, Func<JsonRecord, T> read)
    {
        ReadOnlySpan<byte> rest = bytes;
        if (rest.StartsWith(Encoding.UTF8.Preamble))
            rest = rest[Encoding.UTF8.Preamble.Length..];
        List<T> lines = [];
        for (int number = 1; rest.Length > 0; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            string text = Decode(line, path, number);
            if (!string.IsNullOrWhiteSpace(text))
                lines.Add(Parse(text, path, number, read));
        }
        return lines;
    }

    static string Decode(ReadOnlySpan<byte> line, string path, int number)
    {
        try
        {
            return StrictUtf8.GetString(line);
        }
        catch (DecoderFallbackException exception)
        {
            throw Codes.DataCorrupt.With($"not UTF-8: {exception.Message}", path, number, exception.Index + 1, exception);
        }
    }

    static T Parse<T>(string text, string path, int number, Func<JsonRecord, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? read(new JsonRecord(root, path, number))
                : throw Codes.DataCorrupt.With($"holds a JSON {root.ValueKind}, not an object", path, number);
        }
        catch (JsonException exception)
        {
            throw Codes.DataCorrupt.With(
                $"not JSON: {Reason(exception)}", path, number, (int)(exception.BytePositionInLine ?? 0) + 1, exception);
        }
        catch (InvalidOperationException exception)
        {
            throw Codes.DataCorrupt.With($"a string holds half of a surrogate pair: {exception.Message}", path, number, inner: exception);
        }
    }

    /// <summary>The reader's message without its own line number, which counts within this line.</summary>
    static string Reason(JsonException exception)
    {
        int end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }
}

/// <summary>An answer field: its text, and whether it is a JSON number, whose decimals are always written with a point.</summary>
readonly record struct AnswerField(string Text, bool IsNumber);

/// <summary>One object of a file.</summary>
/// <param name="Line">One-based.</param>
readonly record struct JsonRecord(JsonElement Root, string Path, int Line)
{
    /// <exception cref="HarnessException">HRN0302: the field is absent, or not a string with text.</exception>
    public string Text(string name) => Field(name) is { ValueKind: JsonValueKind.String } value && HasText(value)
        ? value.GetString()!
        : throw Bad($"field '{name}' is not a string with text");

    /// <summary>A string, empty or not.</summary>
    public string AnyText(string name) => Field(name) is { ValueKind: JsonValueKind.String } value
        ? value.GetString()!
        : throw Bad($"field '{name}' is not a string");

    /// <exception cref="HarnessException">HRN0302: the field is absent, or neither a string with text nor a number.</exception>
    public AnswerField Answer(string name)
    {
        JsonElement value = Field(name);
        return value.ValueKind switch
        {
            JsonValueKind.String when HasText(value) => new AnswerField(value.GetString()!, IsNumber: false),
            JsonValueKind.Number => new AnswerField(value.GetRawText(), IsNumber: true),
            _ => throw Bad($"field '{name}' is neither a string with text nor a number"),
        };
    }

    /// <summary>Null where the object has no such field.</summary>
    public JsonElement? Optional(string name) => Root.TryGetProperty(name, out JsonElement value) ? value : null;

    public HarnessException Bad(string message) => Codes.DataCorrupt.With(message, Path, Line);

    JsonElement Field(string name)
    {
        if (Root.TryGetProperty(name, out JsonElement value))
            return value;
        string[] names = [.. Root.EnumerateObject().Select(property => property.Name)];
        throw Bad($"no field '{name}'; it has: {string.Join(", ", names)}");
    }

    static bool HasText(JsonElement value) => !string.IsNullOrWhiteSpace(value.GetString());
}
