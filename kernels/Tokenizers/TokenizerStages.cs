using System.Text.Json;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Tokenizers;

/// <summary>Understands the pipeline stages of a tokenizer.json, and refuses by name those that are not implemented.</summary>
static class TokenizerStages
{
    /// <summary>The stage's type, or null where there is no stage.</summary>
    public static string? TypeOf(JsonElement? stage) => stage is { } value ? Text(value, "type") ?? "without a type" : null;

    /// <summary>Whether an option has no effect: null, false or an empty string, or the number 0.</summary>
    public static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        _ => false,
    };

    /// <summary>Whether text is normalized to form C; other normalizers are refused.</summary>
    public static bool IsNfc(JsonElement? normalizer, string path)
    {
        JsonElement[] stages = Flatten(normalizer, "normalizers", path);
        foreach (JsonElement stage in stages)
        {
            if (TypeOf(stage) is not "NFC" and var type)
                throw KernelCodes.TokenizerUnsupported.With($"normalizer {type} is not NFC", path);
        }
        return stages.Length > 0;
    }

    /// <summary>Digits where they are split off, then one pattern, in the byte alphabet.</summary>
    public static PreTokenizer ByteLevel(JsonElement? preTokenizer, string path)
    {
        JsonElement[] stages = Flatten(preTokenizer, "pretokenizers", path);
        if (stages.Length == 0 || TypeOf(stages[^1]) != "ByteLevel")
            throw KernelCodes.TokenizerUnsupported.With(
                $"pre-tokenizer {(stages.Length == 0 ? "none" : TypeOf(stages[^1]))} of a BPE model is not ByteLevel", path);
        if (IsTrue(stages[^1], "add_prefix_space", true))
            throw KernelCodes.TokenizerUnsupported.With("ByteLevel with add_prefix_space is not implemented", path);
        WordPattern? pattern = IsTrue(stages[^1], "use_regex", true) ? WordPattern.Gpt2 : null;
        var digits = DigitSplit.None;
        for (int i = 0; i < stages.Length - 1; i++)
        {
            string? type = TypeOf(stages[i]);
            if (type == "Digits" && i == 0)
                digits = IsTrue(stages[i], "individual_digits", false) ? DigitSplit.Individual : DigitSplit.Runs;
            else if (type == "Split" && pattern is null)
                pattern = Split(stages[i], path);
            else
                throw KernelCodes.TokenizerUnsupported.With($"pre-tokenizer {type} at place {i + 1} is not implemented", path);
        }
        return new PreTokenizer(
            digits, pattern ?? throw KernelCodes.TokenizerUnsupported.With("a pre-tokenizer without a pattern is not implemented", path));
    }

    /// <summary>The token that the post-processor puts before a text, or null; one that does anything else is refused.</summary>
    public static int? AddedBegin(JsonElement? postProcessor, IReadOnlyList<AddedToken> added, string path)
    {
        int? begin = null;
        foreach (JsonElement stage in Flatten(postProcessor, "processors", path))
        {
            string? type = TypeOf(stage);
            if (type == "TemplateProcessing" && begin is null)
                begin = TemplateBegin(stage, added, path);
            else if (type != "ByteLevel")
                throw KernelCodes.TokenizerUnsupported.With($"post-processor {type} is not implemented", path);
        }
        return begin;
    }

    static int? TemplateBegin(JsonElement template, IReadOnlyList<AddedToken> added, string path)
    {
        JsonElement[] pieces = template.TryGetProperty("single", out JsonElement single) && single.ValueKind == JsonValueKind.Array
            ? [.. single.EnumerateArray()]
            : throw KernelCodes.TokenizerCorrupt.With("its post-processor has no template for one text", path);
        bool isPlain = pieces.Length == 1 && Has(pieces[0], "Sequence");
        bool hasBegin = pieces.Length == 2 && Has(pieces[0], "SpecialToken") && Has(pieces[1], "Sequence");
        if (!isPlain && !hasBegin)
            throw KernelCodes.TokenizerUnsupported.With(
                "a post-processor that adds more than one token before the text is not implemented", path);
        if (isPlain)
            return null;
        string? word = Text(pieces[0].GetProperty("SpecialToken"), "id");
        foreach (AddedToken token in added)
        {
            if (token.Content == word)
                return token.Id;
        }
        throw KernelCodes.TokenizerCorrupt.With($"its post-processor adds {word}, which is not an added token", path);
    }

    static WordPattern Split(JsonElement stage, string path)
    {
        if (Text(stage, "behavior") != "Isolated" || IsTrue(stage, "invert", false))
            throw KernelCodes.TokenizerUnsupported.With($"Split with behavior {Text(stage, "behavior")} is not implemented", path);
        string? regex = stage.TryGetProperty("pattern", out JsonElement pattern) ? Text(pattern, "Regex") : null;
        return WordPattern.OfRegex(regex ?? "")
            ?? throw KernelCodes.TokenizerUnsupported.With(
                $"the pre-tokenizer's pattern is not one of GPT-2's, Llama 3's or Qwen2's: {regex}", path);
    }

    /// <summary>The stages of a Sequence, which do not nest, or the one stage, or none.</summary>
    static JsonElement[] Flatten(JsonElement? stage, string member, string path)
    {
        if (stage is not { } value)
            return [];
        if (TypeOf(value) != "Sequence")
            return [value];
        return value.TryGetProperty(member, out JsonElement members) && members.ValueKind == JsonValueKind.Array
            ? [.. members.EnumerateArray()]
            : throw KernelCodes.TokenizerCorrupt.With($"a Sequence has no {member}", path);
    }

    static bool Has(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out _);

    static bool IsTrue(JsonElement value, string name, bool otherwise) =>
        value.TryGetProperty(name, out JsonElement member) && member.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? member.ValueKind == JsonValueKind.True
            : otherwise;

    static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member)
            && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
