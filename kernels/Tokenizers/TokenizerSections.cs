using System.Text.Json;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Tokenizers;

/// <summary>
/// The sections of a tokenizer.json. Vocabulary, merges and added tokens stay in the file's bytes and are streamed, so that memory
/// follows their content; the rest is small and parsed at once.
/// </summary>
sealed class TokenizerSections
{
    const int LargestOption = 1 << 16;
    const int LargestText = 1 << 20;

    readonly Dictionary<string, JsonElement> options = [];
    readonly Dictionary<string, JsonElement> modelOptions = [];
    readonly MappedFile file;
    (int Start, int Length) addedTokens;
    (int Start, int Length) vocabulary;
    (int Start, int Length) merges;

    /// <param name="file">Must outlive the sections.</param>
    public TokenizerSections(MappedFile file)
    {
        this.file = file;
        var reader = new Utf8JsonReader(file.Slice(0, (int)file.Length));
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (name == "model")
                ReadModel(ref reader);
            else if (name == "added_tokens")
                KeepPlace(ref reader, ref addedTokens);
            else
                KeepOption(ref reader, name, options);
        }
        if (reader.Read())
            throw Corrupt("goes on after its object");
    }

    public string Path => file.Path;

    /// <summary>BPE where the file, as old ones do, leaves it out and holds merges.</summary>
    public string ModelType => ModelText("type") ?? (merges.Length > 0 ? "BPE" : "without a type");

    public JsonElement? Normalizer => Option("normalizer");

    public JsonElement? PreTokenizer => Option("pre_tokenizer");

    public JsonElement? PostProcessor => Option("post_processor");

    public JsonElement? Decoder => Option("decoder");

    public JsonElement? ModelOption(string name) => NotNull(modelOptions, name);

    public string? ModelText(string name) => ModelOption(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Corrupt($"model.{name} is not a string");

    /// <summary>The model's words: ids by word, in JSON.</summary>
    public Vocabulary ReadVocabulary(int rows, bool inByteAlphabet)
    {
        Utf8JsonReader reader = Inside(vocabulary, JsonTokenType.StartObject, "model.vocab");
        var words = new Vocabulary(Path, rows);
        byte[] text = [];
        byte[] bytes = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> word = Text(ref reader, ref text);
            if (bytes.Length < word.Length)
                bytes = new byte[2 * word.Length];
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id))
                throw Corrupt("a word of model.vocab has no 32-bit id");
            words.Add(id, inByteAlphabet && ByteAlphabet.TryDecode(word, bytes, out int length) ? bytes.AsSpan(0, length) : word);
        }
        words.Index();
        return words;
    }

    /// <summary>The model's merges: strings with a space in them, or pairs of strings.</summary>
    public BytePairMerges ReadMerges(Vocabulary words)
    {
        Utf8JsonReader reader = Inside(merges, JsonTokenType.StartArray, "model.merges");
        var pairs = new MergeReader(words, Path);
        byte[] left = [];
        byte[] right = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                pairs.Add(Text(ref reader, ref left));
                continue;
            }
            if (reader.TokenType != JsonTokenType.StartArray)
                throw Corrupt($"a merge is {reader.TokenType}");
            Expect(ref reader, JsonTokenType.String);
            ReadOnlySpan<byte> first = Text(ref reader, ref left);
            Expect(ref reader, JsonTokenType.String);
            pairs.Add(first, Text(ref reader, ref right));
            Expect(ref reader, JsonTokenType.EndArray);
        }
        return pairs.Merges;
    }

    /// <summary>Hands each added token of the file to <paramref name="tokens"/>.</summary>
    public void ReadAdded(AddedTokenReader tokens)
    {
        if (addedTokens.Length == 0)
            return;
        Utf8JsonReader reader = Inside(addedTokens, JsonTokenType.StartArray, "added_tokens");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            JsonElement token = SmallValue(ref reader, "an added token");
            if (!token.TryGetProperty("id", out JsonElement number) || !number.TryGetInt32(out int id))
                throw Corrupt("an added token lacks its id");
            tokens.Add(id, token);
        }
    }

    void ReadModel(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (name == "vocab")
                KeepPlace(ref reader, ref vocabulary);
            else if (name == "merges")
                KeepPlace(ref reader, ref merges);
            else
                KeepOption(ref reader, name, modelOptions);
        }
    }

    /// <summary>Notes where the value lies, and goes past it.</summary>
    void KeepPlace(ref Utf8JsonReader reader, ref (int Start, int Length) place)
    {
        if (place.Length > 0)
            throw Corrupt("a section appears twice");
        if (!reader.Read())
            throw Corrupt("ends too early");
        int first = (int)reader.TokenStartIndex;
        reader.Skip();
        place = (first, (int)reader.BytesConsumed - first);
    }

    void KeepOption(ref Utf8JsonReader reader, string name, Dictionary<string, JsonElement> kept)
    {
        if (!reader.Read())
            throw Corrupt("ends too early");
        if (!kept.TryAdd(name, SmallValue(ref reader, name)))
            throw Corrupt($"{name} appears twice");
    }

    JsonElement SmallValue(ref Utf8JsonReader reader, string name)
    {
        Utf8JsonReader ahead = reader;
        ahead.Skip();
        if (ahead.BytesConsumed - reader.TokenStartIndex > (reader.TokenType == JsonTokenType.String ? LargestText : LargestOption))
            throw Corrupt($"{name} is too long");
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.Clone();
    }

    static ReadOnlySpan<byte> Text(ref Utf8JsonReader reader, ref byte[] buffer)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        if (buffer.Length < reader.ValueSpan.Length)
            buffer = new byte[2 * reader.ValueSpan.Length];
        return buffer.AsSpan(0, reader.CopyString(buffer));
    }

    JsonElement? Option(string name) => NotNull(options, name);

    static JsonElement? NotNull(Dictionary<string, JsonElement> from, string name) =>
        from.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A reader past the opening bracket of a section.</summary>
    Utf8JsonReader Inside((int Start, int Length) place, JsonTokenType start, string name)
    {
        if (place.Length == 0)
            throw Corrupt($"lacks {name}");
        var reader = new Utf8JsonReader(file.Slice(place.Start, place.Length));
        Expect(ref reader, start);
        return reader;
    }

    void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw Corrupt($"has {reader.TokenType} where {type} is expected");
    }

    HarnessException Corrupt(string what) => KernelCodes.TokenizerCorrupt.With(what, Path);
}
