using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Tokenizers;

/// <summary>What a Hugging Face folder says about its tokenizer outside tokenizer.json.</summary>
sealed record TokenizerSettings
{
    static readonly string[] SpecialNames = ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"];

    /// <summary>Source of the chat template, or null.</summary>
    public string? ChatTemplate { get; private init; }

    /// <summary>Written forms by name (bos_token, eos_token ...).</summary>
    public required IReadOnlyDictionary<string, string> SpecialWords { get; init; }

    public int? BeginId { get; private init; }

    public required IReadOnlyList<int> EndIds { get; init; }

    /// <summary>Whether plain text is preceded by the begin token; null where nothing is said.</summary>
    public bool? AddsBegin { get; private init; }

    /// <summary>tokenizer_config.json's added_tokens_decoder, by id.</summary>
    IReadOnlyList<(int Id, JsonElement Token)> AddedTokens { get; init; } = [];

    /// <summary>Words without a role that are special all the same.</summary>
    IReadOnlyList<string> MoreSpecialWords { get; init; } = [];

    /// <summary>
    /// Reads generation_config.json, tokenizer_config.json and chat_template.jinja, each where present, beside config.json.
    /// </summary>
    public static TokenizerSettings Read(string folder, JsonFile config)
    {
        int[] ends = [.. config.Integers("eos_token_id")];
        string generationPath = Path.Combine(folder, "generation_config.json");
        if (File.Exists(generationPath))
        {
            using JsonFile generation = JsonFile.Open(generationPath, KernelCodes.ModelCorrupt);
            ends = [.. ends, .. generation.Integers("eos_token_id")];
        }
        string settingsPath = Path.Combine(folder, "tokenizer_config.json");
        using JsonFile? settings = File.Exists(settingsPath) ? JsonFile.Open(settingsPath, KernelCodes.TokenizerCorrupt) : null;
        string templatePath = Path.Combine(folder, "chat_template.jinja");
        return new TokenizerSettings
        {
            ChatTemplate = File.Exists(templatePath) ? ReadText(templatePath) : settings is null ? null : TemplateOf(settings),
            SpecialWords = settings is null ? new Dictionary<string, string>() : WordsOf(settings),
            BeginId = config.Integer("bos_token_id"),
            EndIds = ends,
            AddsBegin = settings is null ? null : AddsBeginOf(settings),
            AddedTokens = settings is null ? [] : AddedTokensOf(settings),
            MoreSpecialWords = settings is null ? [] : [.. MoreWordsOf(settings)],
        };
    }

    /// <summary>Adds the tokens that these settings name, and makes their special words special.</summary>
    public void ReadAdded(AddedTokenReader added)
    {
        foreach ((int id, JsonElement token) in AddedTokens)
            added.AddStated(id, token);
        foreach (string word in SpecialWords.Values.Concat(MoreSpecialWords))
            added.MakeSpecial(word);
    }

    static string ReadText(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length > 1 << 20)
            throw KernelCodes.ChatTemplateUnsupported.With($"{file.Length} bytes are more than a chat template has", path);
        ReadOnlySpan<byte> bytes = file.Slice(0, (int)file.Length);
        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw KernelCodes.ChatTemplateUnsupported.With("is not UTF-8", path);
    }

    /// <summary>One template, or a list of named ones of which "default" is taken.</summary>
    static string? TemplateOf(JsonFile settings)
    {
        if (settings.Find("chat_template") is not { } template)
            return null;
        if (template.ValueKind != JsonValueKind.Array)
            return settings.Text("chat_template", template);
        foreach (JsonElement named in template.EnumerateArray())
        {
            if (settings.Text(named, "name") == "default")
                return settings.Text(named, "template");
        }
        return null;
    }

    static Dictionary<string, string> WordsOf(JsonFile settings)
    {
        var words = new Dictionary<string, string>();
        foreach (string name in SpecialNames)
        {
            if (settings.Find(name) is { } value)
                words[name] = WordOf(settings, name, value);
        }
        return words;
    }

    /// <summary>A word, or an object that holds it with its options.</summary>
    static string WordOf(JsonFile settings, string name, JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? settings.Text(value, "content") ?? throw settings.Wrong(name, value, "a token with its content")
        : settings.Text(name, value);

    static IEnumerable<string> MoreWordsOf(JsonFile settings)
    {
        foreach (string name in new[] { "additional_special_tokens", "extra_special_tokens" })
        {
            if (settings.Find(name) is not { } listed)
                continue;
            IEnumerable<JsonElement> words = listed.ValueKind switch
            {
                JsonValueKind.Array => listed.EnumerateArray(),
                JsonValueKind.Object => listed.EnumerateObject().Select(member => member.Value),
                _ => throw settings.Wrong(name, listed, "a list of tokens"),
            };
            foreach (JsonElement word in words)
                yield return WordOf(settings, name, word);
        }
    }

    /// <summary>A tokenizer that ends a text would have the model go on from an end.</summary>
    static bool? AddsBeginOf(JsonFile settings) => settings.Flag("add_eos_token") == true
        ? throw KernelCodes.TokenizerUnsupported.With("a tokenizer that ends every text with a token (add_eos_token) is not implemented",
            settings.Path)
        : settings.Flag("add_bos_token");

    static (int Id, JsonElement Token)[] AddedTokensOf(JsonFile settings)
    {
        if (settings.Find("added_tokens_decoder") is not { } map)
            return [];
        if (map.ValueKind != JsonValueKind.Object)
            throw settings.Wrong("added_tokens_decoder", map, "an object");
        return [.. map.EnumerateObject().Select(member => (IdOf(member), member.Value.Clone())).OrderBy(token => token.Item1)];

        int IdOf(JsonProperty member) =>
            int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && member.Value.ValueKind == JsonValueKind.Object
                ? id
                : throw settings.Wrong($"added_tokens_decoder {member.Name}", member.Value, "the token of an id");
    }
}
