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
        return new WordLevelTokenizer(Parts(sections, settings, vocabulary), unknown < 0 ? null : unknown);
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
        return new ByteLevelBpeTokenizer(Parts(sections, settings, vocabulary), preTokenizer, merges)
        {
            IgnoresMerges = sections.ModelOption("ignore_merges") is { ValueKind: JsonValueKind.True },
        };
    }

    static TokenizerParts Parts(TokenizerSections sections, TokenizerSettings settings, Vocabulary vocabulary)
    {
        (List<AddedToken> raw, List<AddedToken> normalized) = sections.ReadAdded(vocabulary);
        AddedToken[] added = [.. raw, .. normalized];
        int? templateBegin = TokenizerStages.AddedBegin(sections.PostProcessor, added, sections.Path);
        int? begin = templateBegin ?? IdOf(settings.SpecialWords.GetValueOrDefault("bos_token"), added) ?? settings.BeginId;
        IEnumerable<int> ends =
            settings.EndIds.Concat(new[] { IdOf(settings.SpecialWords.GetValueOrDefault("eos_token"), added) }.OfType<int>());
        return new TokenizerParts
        {
            Path = sections.Path,
            Vocabulary = vocabulary,
            Added = raw,
            AddedAfterNormalization = normalized,
            Normalizes = TokenizerStages.IsNfc(sections.Normalizer, sections.Path),
            BeginOfSequence = begin is null || (begin >= 0 && begin < vocabulary.Most)
                ? begin
                : throw KernelCodes.TokenizerCorrupt.With(
                    $"begin token {begin} is not one of the model's {vocabulary.Most}", sections.Path),
            AddsBeginOfSequence = templateBegin is not null,
            EndTokens = TokenizerParts.EndTokensOf(ends, added, vocabulary, sections.Path),
        };
    }

    static int? IdOf(string? word, AddedToken[] added) =>
        word is null ? null : added.Where(token => token.Content == word).Select(token => (int?)token.Id).FirstOrDefault();
}
