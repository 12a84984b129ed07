using System.Text;
using System.Text.Json;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Tokenizers;

/// <summary>Reads tokenizer.json (github.com/huggingface/tokenizers): WordLevel, and byte-level BPE.</summary>
static class TokenizerJson
{
    /// <param name="rows">Rows of the embedding: token ids are below it.</param>
    public static Tokenizer Read(string path, TokenizerSettings settings, int rows)
    {
        if (!File.Exists(path))
            throw KernelCodes.TokenizerUnsupported.With("the model has no tokenizer.json", path);
        using MappedFile file = MappedFile.Open(path);
        if (file.Length > int.MaxValue)
            throw KernelCodes.TokenizerCorrupt.With($"{file.Length} bytes are more than a tokenizer has", path);
        try
        {
            var sections = new TokenizerSections(file);
            return sections.ModelType switch
            {
                "WordLevel" => ReadWordLevel(sections, settings, rows),
                "BPE" => ReadByteLevelBpe(sections, settings, rows),
                _ =>
                    throw KernelCodes.TokenizerUnsupported.With($"tokenizer model {sections.ModelType} is neither WordLevel nor BPE", path),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw KernelCodes.TokenizerCorrupt.With($"is not the JSON of a tokenizer: {error.Message}", path, inner: error);
        }
    }

    static WordLevelTokenizer ReadWordLevel(TokenizerSections sections, TokenizerSettings settings, int rows)
    {
        if (TokenizerStages.TypeOf(sections.PreTokenizer) is not "WhitespaceSplit" and var type)
            throw KernelCodes.TokenizerUnsupported.With(
                $"pre-tokenizer {type ?? "none"} of a WordLevel model is not WhitespaceSplit", sections.Path);
        if (TokenizerStages.TypeOf(sections.Decoder) is { } decoder)
            throw KernelCodes.TokenizerUnsupported.With($"decoder {decoder} of a WordLevel model is not implemented", sections.Path);
        Vocabulary vocabulary = sections.ReadVocabulary(rows, inByteAlphabet: false);
        string? unknownWord = sections.ModelText("unk_token");
        int unknown = unknownWord is null ? -1 : vocabulary.Find(Encoding.UTF8.GetBytes(unknownWord));
        return new WordLevelTokenizer(Parts(sections, settings, vocabulary, inByteAlphabet: false), unknown < 0 ? null : unknown);
    }

    static ByteLevelBpeTokenizer ReadByteLevelBpe(TokenizerSections sections, TokenizerSettings settings, int rows)
    {
        foreach (string option in new[] { "dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback" })
        {
            if (sections.ModelOption(option) is { } value && !TokenizerStages.IsOff(value))
                throw KernelCodes.TokenizerUnsupported.With($"BPE with {option} is not implemented", sections.Path);
        }
        PreTokenizer preTokenizer = TokenizerStages.ByteLevel(sections.PreTokenizer, sections.Path);
        if (TokenizerStages.TypeOf(sections.Decoder) is not "ByteLevel" and var decoder)
            throw KernelCodes.TokenizerUnsupported.With($"decoder {decoder ?? "none"} of a BPE model is not ByteLevel", sections.Path);
        Vocabulary vocabulary = sections.ReadVocabulary(rows, inByteAlphabet: true);
        bool hasEveryByte = Enumerable.Range(0, 256).All(value => vocabulary.Find([(byte)value]) >= 0);
        if (!hasEveryByte && sections.ModelOption("unk_token") is { } unknown && !TokenizerStages.IsOff(unknown))
            throw KernelCodes.TokenizerUnsupported.With("BPE with an unk_token for bytes that it lacks is not implemented", sections.Path);
        BytePairMerges merges = sections.ReadMerges(vocabulary);
        return new ByteLevelBpeTokenizer(Parts(sections, settings, vocabulary, inByteAlphabet: true), preTokenizer, merges)
        {
            IgnoresMerges = sections.ModelOption("ignore_merges") is { ValueKind: JsonValueKind.True },
        };
    }

    static TokenizerParts Parts(
        TokenizerSections sections, TokenizerSettings settings, Vocabulary vocabulary, bool inByteAlphabet)
    {
        var added = new AddedTokenReader(vocabulary, inByteAlphabet, sections.Path);
        sections.ReadAdded(added);
        settings.ReadAdded(added);
        int? templateBegin = TokenizerStages.AddedBegin(sections.PostProcessor, [.. added.All], sections.Path);
        int? named = templateBegin ?? IdOf("bos_token", settings, added);
        bool addsBegin = settings.AddsBegin ?? templateBegin is not null;
        if (addsBegin && named is null)
            throw KernelCodes.TokenizerCorrupt.With("add_bos_token is true, and no token of the vocabulary is bos_token", sections.Path);
        int? begin = named ?? settings.BeginId;
        return new TokenizerParts
        {
            Path = sections.Path,
            Vocabulary = vocabulary,
            Added = added.Raw,
            AddedAfterNormalization = added.Normalized,
            Normalizes = TokenizerStages.IsNfc(sections.Normalizer, sections.Path),
            BeginOfSequence = begin is null || (begin >= 0 && begin < vocabulary.Most)
                ? begin
                : throw KernelCodes.TokenizerCorrupt.With(
                    $"begin token {begin} is not one of the model's {vocabulary.Most}", sections.Path),
            AddsBeginOfSequence = addsBegin,
            EndTokens = Ends(settings, added, vocabulary, sections.Path),
        };
    }

    /// <summary>The ends that the files name, and the ends of turn that chat models share. Ascending.</summary>
    static int[] Ends(TokenizerSettings settings, AddedTokenReader added, Vocabulary vocabulary, string path)
    {
        var ends = new SortedSet<int>(settings.EndIds);
        foreach (int id in ends)
        {
            if (id < 0 || id >= vocabulary.Most)
                throw KernelCodes.TokenizerCorrupt.With($"end token {id} is not one of the model's {vocabulary.Most}", path);
        }
        if (IdOf("eos_token", settings, added) is { } named)
            ends.Add(named);
        else if (ends.Count == 0 && settings.SpecialWords.GetValueOrDefault("eos_token") is { Length: > 0 } word)
            throw KernelCodes.TokenizerCorrupt.With($"eos_token {word} is not a token, so no answer would end", path);
        ends.UnionWith(
            added.All.Where(token => token.IsSpecial && token.Content is "<|im_end|>" or "<|eot_id|>").Select(token => token.Id));
        return [.. ends];
    }

    static int? IdOf(string role, TokenizerSettings settings, AddedTokenReader added) =>
        settings.SpecialWords.TryGetValue(role, out string? word) ? added.Find(word) : null;
}
