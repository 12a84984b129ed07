using System.Text;
using System.Text.Json;
using Harness.Kernels.Files;

namespace Harness.Kernels.Tokenizers;

/// <summary>
/// A fixed list of words, one token each, as a tokenizer and as the files that transformers opens. Plain text begins with the begin token.
/// </summary>
public sealed class WordVocabulary
{
    const string TokenizerFile = "tokenizer.json", SettingsFile = "tokenizer_config.json";

    /// <summary>transformers' own value for no limit.</summary>
    const string NoLimit = "1000000000000000019884624838656";

    readonly string[] words;
    readonly string end, padding, begin;

    /// <param name="words">In the order of their ids; each once, without white space.</param>
    /// <param name="end">The one of them that ends an answer.</param>
    /// <param name="padding">The one that fills a batch.</param>
    /// <param name="begin">The one that begins a text.</param>
    public WordVocabulary(IReadOnlyList<string> words, string end, string padding, string begin)
    {
        this.words = [.. words];
        (this.end, this.padding, this.begin) = (end, padding, begin);
        Vocabulary vocabulary = new(TokenizerFile, this.words.Length);
        foreach ((int id, string word) in this.words.Index())
            vocabulary.Add(id, Encoding.UTF8.GetBytes(word));
        vocabulary.Index();
        Tokenizer = new WordLevelTokenizer(new TokenizerParts
        {
            Path = TokenizerFile,
            Vocabulary = vocabulary,
            Added = [.. Special.Select(word => new AddedToken(Id(word), word, IsSpecial: true))],
            BeginOfSequence = Begin,
            AddsBeginOfSequence = true,
            EndTokens = [End],
        }, unknown: null);
    }

    public int Count => words.Length;

    public int End => Id(end);

    public int Padding => Id(padding);

    public int Begin => Id(begin);

    public Tokenizer Tokenizer { get; }

    IReadOnlyList<string> Special => [.. new[] { end, padding, begin }.OrderBy(Id)];

    /// <summary>tokenizer.json and tokenizer_config.json, by name.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files() => new Dictionary<string, ReadOnlyMemory<byte>>
    {
        [TokenizerFile] = JsonText.Object(WriteTokenizer),
        [SettingsFile] = JsonText.Object(writer =>
        {
            writer.WriteString("bos_token", begin);
            writer.WriteString("eos_token", end);
            writer.WritePropertyName("model_max_length");
            writer.WriteRawValue(NoLimit);
            writer.WriteString("pad_token", padding);
            writer.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        }),
    };

    int Id(string word) => Array.IndexOf(words, word);

    void WriteTokenizer(Utf8JsonWriter writer)
    {
        writer.WriteString("version", "1.0");
        writer.WriteNull("truncation");
        writer.WriteNull("padding");
        writer.WriteStartArray("added_tokens");
        foreach (string word in Special)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", Id(word));
            writer.WriteString("content", word);
            foreach (string option in new[] { "single_word", "lstrip", "rstrip", "normalized" })
                writer.WriteBoolean(option, false);
            writer.WriteBoolean("special", true);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNull("normalizer");
        writer.WriteStartObject("pre_tokenizer");
        writer.WriteString("type", "WhitespaceSplit");
        writer.WriteEndObject();
        WriteTemplate(writer);
        writer.WriteNull("decoder");
        writer.WriteStartObject("model");
        writer.WriteString("type", "WordLevel");
        writer.WriteStartObject("vocab");
        foreach ((int id, string word) in words.Index())
            writer.WriteNumber(word, id);
        writer.WriteEndObject();
        writer.WriteString("unk_token", "<unk>");
        writer.WriteEndObject();
    }

    /// <summary>The post-processor that puts the begin token before a text.</summary>
    void WriteTemplate(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("post_processor");
        writer.WriteString("type", "TemplateProcessing");
        writer.WriteStartArray("single");
        WriteSpecial(writer, begin);
        WriteSequence(writer, "A", 0);
        writer.WriteEndArray();
        writer.WriteStartArray("pair");
        WriteSpecial(writer, begin);
        WriteSequence(writer, "A", 0);
        WriteSequence(writer, "B", 1);
        writer.WriteEndArray();
        writer.WriteStartObject("special_tokens");
        writer.WriteStartObject(begin);
        writer.WriteString("id", begin);
        writer.WriteStartArray("ids");
        writer.WriteNumberValue(Begin);
        writer.WriteEndArray();
        writer.WriteStartArray("tokens");
        writer.WriteStringValue(begin);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static void WriteSpecial(Utf8JsonWriter writer, string word)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("SpecialToken");
        writer.WriteString("id", word);
        writer.WriteNumber("type_id", 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static void WriteSequence(Utf8JsonWriter writer, string id, int type)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("Sequence");
        writer.WriteString("id", id);
        writer.WriteNumber("type_id", type);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
