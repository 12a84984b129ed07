using System.Globalization;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Checkpoints;

/// <summary>A name that <c>synthetic:</c> takes in place of a shape written out.</summary>
/// <param name="Shape">What the name stands for, as it would be written.</param>
/// <param name="About">The real model whose shape it is.</param>
public readonly record struct SyntheticPreset(string Name, string Shape, string About);

/// <summary>What follows <c>synthetic:</c>: a family or a preset, a question mark, and the numbers of a shape.</summary>
public static class SyntheticShape
{
    internal const string Prefix = "synthetic:";

    /// <summary>Each with the architecture of its mixtures of experts.</summary>
    static readonly Dictionary<string, string> Families = new()
    {
        ["llama"] = "mixtral",
        ["qwen2"] = "qwen2_moe",
        ["qwen3"] = "qwen3_moe",
    };

    static readonly string[] Parameters =
        ["d", "layers", "heads", "kv", "head", "ffn", "experts", "active", "vocab", "context", "tied", "seed"];

    /// <summary>
    /// Shapes of published models, from their config.json: widths, layers, heads, vocabulary, tied embedding, biases and context. Norm
    /// epsilon and RoPE base are those of every synthetic model, 1e-5 and 10,000.
    /// </summary>
    public static IReadOnlyList<SyntheticPreset> Presets { get; } =
    [
        new("135m", "llama?d=576&layers=30&heads=9&kv=3&head=64&ffn=1536&vocab=49152&context=8192&tied=1",
            "SmolLM2-135M, 134,515,008 parameters"),
        new("0.5b", "qwen2?d=896&layers=24&heads=14&kv=2&head=64&ffn=4864&vocab=151936&context=32768&tied=1",
            "Qwen2.5-0.5B, 494,032,768 parameters"),
        new("1.5b", "qwen2?d=1536&layers=28&heads=12&kv=2&head=128&ffn=8960&vocab=151936&context=131072&tied=1",
            "Qwen2.5-1.5B, 1,543,714,304 parameters"),
    ];

    internal static (ModelConfig Config, ulong Seed) Parse(string name)
    {
        (string family, Dictionary<string, string> given) = Split(name[Prefix.Length..]);
        int width = Required(given, "d", 1 << 20);
        int heads = Required(given, "heads", 1 << 14);
        int kvHeads = Optional(given, "kv", 1 << 14) ?? heads;
        int headWidth = Optional(given, "head", 1 << 14)
            ?? (width % heads == 0 ? width / heads : throw Wrong($"d {width} is not divided by heads {heads}; give head"));
        if (headWidth % 2 != 0 || heads % kvHeads != 0)
            throw Wrong($"a head of {headWidth} must be even, and {heads} heads a multiple of kv {kvHeads}");
        string seedText = given.GetValueOrDefault("seed", "1");
        if (!ulong.TryParse(seedText, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            throw Wrong($"seed {seedText} is not a 64-bit number");
        string tied = given.GetValueOrDefault("tied", "1");
        ExpertShape? experts = Experts(family, given);
        return (new ModelConfig
        {
            Architecture = experts is null ? family : Families[family],
            Layers = Required(given, "layers", 1 << 12),
            Width = width,
            Heads = heads,
            KvHeads = kvHeads,
            HeadWidth = headWidth,
            FeedForward = Required(given, "ffn", 1 << 22),
            Experts = experts,
            Vocabulary = Required(given, "vocab", Sampler.VocabularyLimit - 1),
            ContextLength = Optional(given, "context", 1 << 24) ?? 2048,
            NormEpsilon = 1e-5f,
            RopeTheta = 10000,
            TiedEmbedding = tied is "0" or "1" ? tied == "1" : throw Wrong($"tied {tied} is neither 0 nor 1"),
            QkvBias = family == "qwen2",
            HeadNorms = family == "qwen3",
        }, seed);
    }

    /// <summary>Every number written out in one order, so that a model has one such name however it was asked for.</summary>
    internal static string CanonicalName(ModelConfig config, ulong seed) => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix}{FamilyOf(config)}?d={config.Width}&layers={config.Layers}&heads={config.Heads}"
        + $"&kv={config.KvHeads}&head={config.HeadWidth}&ffn={config.FeedForward}{OfExperts(config.Experts, '&')}&vocab={config.Vocabulary}"
        + $"&context={config.ContextLength}&tied={(config.TiedEmbedding ? 1 : 0)}&seed={seed}");

    /// <summary>What a shape says of its experts, behind a separator; nothing of a dense model's.</summary>
    public static string OfExperts(ExpertShape? experts, char separator) => experts is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{separator}experts={experts.Count}{separator}active={experts.Active}");

    static string FamilyOf(ModelConfig config) =>
        config.Experts is null ? config.Architecture : Families.First(family => family.Value == config.Architecture).Key;

    static ExpertShape? Experts(string family, Dictionary<string, string> given)
    {
        int? count = Optional(given, "experts", ExpertShape.Most), active = Optional(given, "active", ExpertShape.Most);
        if (count is null && active is null)
            return null;
        if (count is null || active is null)
            throw Wrong("experts and active are given together: how many experts a layer has, and how many of them a token passes");
        return active <= count
            ? new ExpertShape { Count = count.Value, Active = active.Value, Normalised = family != "qwen2" }
            : throw Wrong($"active {active} is more than experts {count}");
    }

    static (string Family, Dictionary<string, string> Given) Split(string shape)
    {
        string[] halves = shape.Split('?', 2);
        SyntheticPreset preset = Presets.FirstOrDefault(preset => preset.Name.Equals(halves[0], StringComparison.OrdinalIgnoreCase));
        Dictionary<string, string> given = halves.Length == 2 ? ReadParameters(halves[1]) : [];
        if (preset.Name is not null)
            return WithDefaults(preset, given);
        if (Families.ContainsKey(halves[0]))
            return (halves[0], given);
        string[] names = [.. Presets.Select(preset => preset.Name), .. Families.Keys];
        string near = NearestName.Find(halves[0], names) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        throw Wrong($"'{halves[0]}' is not one of {string.Join(", ", names)}{near}");
    }

    static (string, Dictionary<string, string>) WithDefaults(SyntheticPreset preset, Dictionary<string, string> given)
    {
        string[] halves = preset.Shape.Split('?');
        foreach ((string name, string value) in ReadParameters(halves[1]))
        {
            // The preset's head width belongs to its own width and heads.
            if (name != "head" || !(given.ContainsKey("d") || given.ContainsKey("heads")))
                given.TryAdd(name, value);
        }
        return (halves[0], given);
    }

    static Dictionary<string, string> ReadParameters(string text)
    {
        var given = new Dictionary<string, string>();
        foreach (string part in text.Split('&'))
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length != 2 || !Parameters.Contains(pair[0]))
                throw Wrong($"'{part}' is not one of {string.Join("=, ", Parameters)}={Near(pair[0])}");
            if (!given.TryAdd(pair[0], pair[1]))
                throw Wrong($"{pair[0]} is given twice");
        }
        return given;
    }

    static string Near(string name) => NearestName.Find(name, Parameters) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    static int Required(Dictionary<string, string> given, string name, int most) =>
        Optional(given, name, most) ?? throw Wrong($"{name} is missing");

    static int? Optional(Dictionary<string, string> given, string name, int most) => !given.TryGetValue(name, out string? text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 && value <= most ? value
        : throw Wrong($"{name} {text} is not a number from 1 to {most}");

    static HarnessException Wrong(string what) => KernelCodes.SyntheticModel.With(what);
}
