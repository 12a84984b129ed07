using System.Text;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Tokenizers;

/// <summary>Reads the tokenizer in a GGUF's metadata: byte-level BPE (tokenizer.ggml.model gpt2).</summary>
static class GgufTokenizer
{
    const string Prefix = "tokenizer.ggml.";

    /// <summary>llama_token_type of llama.cpp.</summary>
    enum TokenType
    {
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
    }

    /// <param name="rows">Rows of the embedding: token ids are below it.</param>
    public static Tokenizer Read(GgufMetadata metadata, string path, int rows)
    {
        string model = metadata.Text(Prefix + "model") ?? throw KernelCodes.TokenizerUnsupported.With("the file holds no tokenizer", path);
        if (model != "gpt2")
            throw KernelCodes.TokenizerUnsupported.With($"tokenizer model {model} is not gpt2", path);
        string name = metadata.Text(Prefix + "pre") ?? throw KernelCodes.TokenizerUnsupported.With("tokenizer.ggml.pre is absent", path);
        PreTokenizer preTokenizer = PreTokenizer.OfGgufName(name)
            ?? throw KernelCodes.TokenizerUnsupported.With($"pre-tokenizer {name} is not implemented", path);
        if (metadata.Flag(Prefix + "add_eos_token") == true)
            throw KernelCodes.TokenizerUnsupported.With("a tokenizer that ends every text with a token is not implemented", path);
        if (metadata.Flag(Prefix + "add_space_prefix") == true)
            throw KernelCodes.TokenizerUnsupported.With("a tokenizer that puts a space before every text is not implemented", path);
        Vocabulary vocabulary = ReadWords(metadata, path, rows);
        BytePairMerges merges = ReadMerges(metadata, vocabulary, path);
        string[] words = metadata.Texts(Prefix + "tokens")!;
        List<AddedToken> added = ReadAdded(metadata, words, vocabulary, path);
        bool isLlama3 = preTokenizer.Pattern == WordPattern.Llama3;
        int? begin = Id(metadata, "bos", rows, path);
        bool addsBegin = metadata.Flag(Prefix + "add_bos_token") ?? isLlama3;
        if (addsBegin && begin is null)
            throw KernelCodes.TokenizerCorrupt.With("a begin token is to be added, and none is named", path);
        return new ByteLevelBpeTokenizer(
            new TokenizerParts
            {
                Path = path,
                Vocabulary = vocabulary,
                Added = added,
                Normalizes = name == "qwen2",
                BeginOfSequence = begin,
                AddsBeginOfSequence = addsBegin,
                EndTokens = [.. GgufEndTokens.Find(metadata, words, rows, path)],
            }, preTokenizer, merges)
        {
            IgnoresMerges = isLlama3,
        };
    }

    static Vocabulary ReadWords(GgufMetadata metadata, string path, int rows)
    {
        if (metadata.Utf8Strings(Prefix + "tokens") is not { } tokens)
            throw KernelCodes.TokenizerCorrupt.With("tokenizer.ggml.tokens is absent", path);
        if (tokens.Count > rows)
            throw KernelCodes.TokenizerCorrupt.With($"{tokens.Count} tokens, where the model has {rows}", path);
        var vocabulary = new Vocabulary(path, rows);
        byte[] buffer = [];
        for (int id = 0; tokens.MoveNext(); id++)
        {
            ReadOnlySpan<byte> word = tokens.Current;
            if (buffer.Length < word.Length)
                buffer = new byte[word.Length];
            vocabulary.Add(id, ByteAlphabet.TryDecode(word, buffer, out int length) ? buffer.AsSpan(0, length) : word);
        }
        vocabulary.Index();
        return vocabulary;
    }

    static BytePairMerges ReadMerges(GgufMetadata metadata, Vocabulary vocabulary, string path)
    {
        if (metadata.Utf8Strings(Prefix + "merges") is not { } pairs)
            throw KernelCodes.TokenizerCorrupt.With("tokenizer.ggml.merges is absent", path);
        var reader = new MergeReader(vocabulary, path);
        while (pairs.MoveNext())
            reader.Add(pairs.Current);
        return reader.Merges;
    }

    static List<AddedToken> ReadAdded(GgufMetadata metadata, string[] words, Vocabulary vocabulary, string path)
    {
        long[]? types = metadata.WholeNumbers(Prefix + "token_type");
        if (types is not null && types.Length != words.Length)
            throw KernelCodes.TokenizerCorrupt.With($"{words.Length} tokens have {types.Length} types", path);
        var added = new List<AddedToken>();
        for (int id = 0; id < words.Length; id++)
        {
            var type = (TokenType)(types?[id] ?? 0);
            bool isControl = type is TokenType.Unknown or TokenType.Control || GgufEndTokens.IsControl(words[id]);
            if (!isControl && type != TokenType.UserDefined)
                continue;
            added.Add(new AddedToken(id, words[id], isControl));
            vocabulary.Replace(id, Encoding.UTF8.GetBytes(words[id]));
        }
        return added;
    }

    /// <summary>The token that tokenizer.ggml.NAME_token_id names, or null; one that is none of the model's is an error.</summary>
    public static int? Id(GgufMetadata metadata, string name, int rows, string path) =>
        metadata.WholeNumber($"{Prefix}{name}_token_id") is not { } id ? null
        : id >= 0 && id < rows ? (int)id
        : throw KernelCodes.TokenizerCorrupt.With($"{name} token {id} is not one of the model's {rows}", path);
}
