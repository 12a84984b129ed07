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
        };
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
                words[name] = value.ValueKind == JsonValueKind.Object ? settings.Text(value, "content") ?? "" : settings.Text(name, value);
        }
        return words;
    }
}
