using System.Text;
using System.Text.Json;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Tokenizers;

/// <summary>
/// Collects the added tokens of a Hugging Face folder: those of tokenizer.json, then those of tokenizer_config.json, which goes before it,
/// then the special words that are plain words of the vocabulary. The vocabulary takes up their written forms.
/// </summary>
/// <param name="words">Indexed.</param>
/// <param name="inByteAlphabet">Whether the vocabulary's words were written in the byte alphabet.</param>
/// <param name="path">The tokenizer's file, for messages.</param>
sealed class AddedTokenReader(Vocabulary words, bool inByteAlphabet, string path)
{
    readonly Dictionary<int, (AddedToken Token, bool IsNormalized)> tokens = [];
    readonly Dictionary<string, int> ids = [];

    public IEnumerable<AddedToken> All => tokens.Values.Select(added => added.Token);

    /// <summary>Matched before normalization.</summary>
    public IReadOnlyList<AddedToken> Raw => [.. tokens.Values.Where(added => !added.IsNormalized).Select(added => added.Token)];

    /// <summary>Matched after normalization.</summary>
    public IReadOnlyList<AddedToken> Normalized => [.. tokens.Values.Where(added => added.IsNormalized).Select(added => added.Token)];

    /// <param name="id">Its id; a token of the same id and content is replaced.</param>
    /// <param name="token">Content and options, as tokenizers writes them.</param>
    public void Add(int id, JsonElement token)
    {
        string? content = Content(token);
        if (string.IsNullOrEmpty(content))
            throw KernelCodes.TokenizerCorrupt.With($"added token {id} lacks its content", path);
        if (IsOn(token, "single_word"))
            throw KernelCodes.TokenizerUnsupported.With($"added token {content} with single_word is not implemented", path);
        Place(id, content);
        tokens[id] = (new AddedToken(id, content, IsOn(token, "special"), IsOn(token, "lstrip"), IsOn(token, "rstrip")),
            IsOn(token, "normalized"));
    }

    /// <summary>A token of tokenizer_config.json, which is none that has another id already.</summary>
    public void AddStated(int id, JsonElement token)
    {
        if (Content(token) is { } content && Find(content) is { } other && other != id)
            throw KernelCodes.TokenizerCorrupt.With($"tokenizer_config.json gives {content} id {id}, and it has id {other}", path);
        Add(id, token);
    }

    /// <summary>
    /// Makes a word special that a role names (eos_token ...): an added token, or a plain word. An unknown one stays text.
    /// </summary>
    public void MakeSpecial(string word)
    {
        if (Find(word) is not { } id)
            return;
        if (tokens.TryGetValue(id, out (AddedToken Token, bool IsNormalized) added))
        {
            tokens[id] = (added.Token with { IsSpecial = true }, added.IsNormalized);
            return;
        }
        Place(id, word);
        tokens[id] = (new AddedToken(id, word, IsSpecial: true), false);
    }

    /// <summary>The id of an added token or of a plain word, or null.</summary>
    public int? Find(string word)
    {
        if (ids.TryGetValue(word, out int id))
            return id;
        id = words.Find(Bytes(word));
        return id < 0 || tokens.ContainsKey(id) ? null : id;
    }

    void Place(int id, string content)
    {
        if (id < 0 || id >= words.Most)
            throw KernelCodes.TokenizerCorrupt.With($"added token {content} has id {id}, where the model has {words.Most}", path);
        if (ids.TryGetValue(content, out int other) && other != id)
            throw KernelCodes.TokenizerCorrupt.With($"added token {content} has ids {other} and {id}", path);
        byte[] written = Encoding.UTF8.GetBytes(content);
        ReadOnlySpan<byte> present = words[id];
        if (!present.IsEmpty && !present.SequenceEqual(written) && !present.SequenceEqual(Bytes(content)))
            throw KernelCodes.TokenizerCorrupt.With(
                $"token {id} is {content} among the added tokens and another word in the vocabulary", path);
        words.Replace(id, written);
        ids[content] = id;
    }

    /// <summary>What the vocabulary holds for a word as it is written.</summary>
    byte[] Bytes(string word)
    {
        byte[] written = Encoding.UTF8.GetBytes(word);
        var decoded = new byte[written.Length];
        return inByteAlphabet && ByteAlphabet.TryDecode(written, decoded, out int length) ? decoded[..length] : written;
    }

    static string? Content(JsonElement token) => token.TryGetProperty("content", out JsonElement text) ? text.GetString() : null;

    static bool IsOn(JsonElement token, string name) =>
        token.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
