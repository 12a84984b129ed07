using System.Text.Json;
using System.Text.Unicode;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Files;

/// <summary>A JSON object of a model's folder, read strictly; what is wrong with it is reported under one code.</summary>
sealed class JsonFile : IDisposable
{
    const int LargestBytes = 32 << 20;

    /// <summary>
    /// Beyond it, values must take <see cref="LeastBytesOfToken"/> bytes on average, so that their index stays smaller than the file.
    /// </summary>
    const int ManyTokens = 1 << 16;
    const int LeastBytesOfToken = 16;

    readonly JsonDocument document;
    readonly Diagnostic corrupt;

    JsonFile(string path, Diagnostic corrupt, JsonDocument document)
    {
        Path = path;
        this.corrupt = corrupt;
        this.document = document;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw corrupt.With("is not a JSON object", path);
    }

    public string Path { get; }

    public JsonElement Root => document.RootElement;

    public static JsonFile Open(string path, Diagnostic corrupt)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length > LargestBytes)
            throw corrupt.With($"{file.Length} bytes are more than a file of this kind has", path);
        return new JsonFile(path, corrupt, Parse(file.Slice(0, (int)file.Length), path, corrupt));
    }

    /// <summary>Parses one JSON value: duplicate names, comments and nesting beyond 64 are errors.</summary>
    static JsonDocument Parse(ReadOnlySpan<byte> bytes, string path, Diagnostic corrupt)
    {
        if (!Utf8.IsValid(bytes))
            throw corrupt.With("is not UTF-8", path);
        try
        {
            // Nothing is allocated for a file that is not JSON, or whose index would be larger than the file.
            var reader = new Utf8JsonReader(bytes);
            int tokens = 0;
            while (reader.Read())
                tokens++;
            if (tokens > ManyTokens && tokens > bytes.Length / LeastBytesOfToken)
                throw corrupt.With($"{tokens} values in {bytes.Length} bytes are more than a file of this kind has", path);
            return JsonDocument.Parse(bytes.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            int line = (int)Math.Min(error.LineNumber ?? 0, int.MaxValue - 1) + 1;
            int column = (int)Math.Min(error.BytePositionInLine ?? 0, int.MaxValue - 1) + 1;
            throw corrupt.With($"is not JSON: {error.Message}", path, line, column, error);
        }
        catch (InvalidOperationException error)
        {
            throw corrupt.With($"has a name that is not well-formed UTF-16: {error.Message}", path, inner: error);
        }
    }

    /// <summary>The value of <paramref name="name"/>, or null where it is absent or JSON null.</summary>
    public JsonElement? Find(string name) => Find(Root, name);

    public static JsonElement? Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public int? Integer(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Wrong(name, value, "a 32-bit integer");

    public int RequiredInteger(string name) => Integer(name) ?? throw Missing(name);

    /// <summary>A positive, finite number.</summary>
    public float? Positive(JsonElement parent, string name)
    {
        if (Find(parent, name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && (float)number > 0
            && float.IsFinite((float)number)
            ? (float)number
            : throw Wrong(name, value, "a positive number");
    }

    public bool? Flag(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, value, "true or false");

    public string? Text(string name) => Text(Root, name);

    public string? Text(JsonElement parent, string name) => Find(parent, name) is not { } value ? null : Text(name, value);

    public string Text(string name, JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, value, "a string");
        }
        catch (InvalidOperationException error)
        {
            throw corrupt.With($"{name} is not well-formed UTF-16: {error.Message}", Path, inner: error);
        }
    }

    /// <summary>An id or a list of ids, as eos_token_id is written.</summary>
    public IEnumerable<int> Integers(string name)
    {
        if (Find(name) is not { } value)
            yield break;
        IEnumerable<JsonElement> elements = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        foreach (JsonElement element in elements)
        {
            yield return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int number)
                ? number
                : throw Wrong(name, element, "a 32-bit integer");
        }
    }

    public HarnessException Missing(string name) => corrupt.With($"lacks {name}", Path);

    public HarnessException Wrong(string name, JsonElement value, string wanted)
    {
        string written = value.GetRawText();
        return corrupt.With($"{name} is {(written.Length > 40 ? written[..40] + "..." : written)}, not {wanted}", Path);
    }

    public void Dispose() => document.Dispose();
}
