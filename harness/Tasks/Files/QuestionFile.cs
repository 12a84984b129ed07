using System.Text;
using System.Text.Json;
using Harness.Diagnostics;

namespace Harness.Tasks.Files;

/// <summary>A question and its answer, both as the data gives them.</summary>
/// <param name="Line">One-based line of the file.</param>
readonly record struct QuestionLine(string Question, string Answer, int Line);

/// <summary>
/// JSON Lines: one object a line, in UTF-8. A byte order mark and blank lines are passed over; whatever else is wrong is HRN0302 with the
/// file and the line. Every line is read, asked for or not, so that a broken file is found before anything runs.
/// </summary>
static class QuestionFile
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static List<QuestionLine> Read(DataFile file, string questionField, string answerField)
    {
        ReadOnlySpan<byte> rest = file.Bytes;
        if (rest.StartsWith(Encoding.UTF8.Preamble))
            rest = rest[Encoding.UTF8.Preamble.Length..];
        List<QuestionLine> lines = [];
        for (int number = 1; rest.Length > 0; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            string text = Decode(line, file.Path, number);
            if (!string.IsNullOrWhiteSpace(text))
                lines.Add(Parse(text, questionField, answerField, file.Path, number));
        }
        return lines.Count > 0 ? lines : throw Codes.DataCorrupt.With("holds no problem", file.Path);
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

    static QuestionLine Parse(string text, string questionField, string answerField, string path, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw Codes.DataCorrupt.With($"holds a JSON {root.ValueKind}, not an object", path, number);
            string question = Field(root, questionField, path, number) is { ValueKind: JsonValueKind.String } value && HasText(value)
                ? value.GetString()!
                : throw Codes.DataCorrupt.With($"field '{questionField}' is not a string with text", path, number);
            JsonElement answer = Field(root, answerField, path, number);
            return answer.ValueKind switch
            {
                JsonValueKind.String when HasText(answer) => new QuestionLine(question, answer.GetString()!, number),
                JsonValueKind.Number => new QuestionLine(question, answer.GetRawText(), number),
                _ => throw Codes.DataCorrupt.With($"field '{answerField}' is neither a string with text nor a number", path, number),
            };
        }
        catch (JsonException exception)
        {
            throw Codes.DataCorrupt.With($"not JSON: {Reason(exception)}", path, number, (int)(exception.BytePositionInLine ?? 0) + 1, exception);
        }
        catch (InvalidOperationException exception)
        {
            throw Codes.DataCorrupt.With($"a string holds half of a surrogate pair: {exception.Message}", path, number, inner: exception);
        }
    }

    static JsonElement Field(JsonElement root, string name, string path, int number)
    {
        if (root.TryGetProperty(name, out JsonElement value))
            return value;
        string[] names = [.. root.EnumerateObject().Select(property => property.Name)];
        throw Codes.DataCorrupt.With($"no field '{name}'; it has: {string.Join(", ", names)}", path, number);
    }

    static bool HasText(JsonElement value) => !string.IsNullOrWhiteSpace(value.GetString());

    /// <summary>The reader's message without its own line number, which counts within this line.</summary>
    static string Reason(JsonException exception)
    {
        int end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }
}
