using System.Globalization;
using System.Runtime.CompilerServices;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models.ChatTemplates;
using Harness.Kernels.Models.Tokenizers;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Models.Checkpoints;

/// <summary>
/// A llama of any shape with seeded random weights, computed when read and the same on every machine: each value depends on the
/// seed, its tensor's name and its place alone.
/// </summary>
/// <remarks>
/// Matrices are near normal with standard deviation 1 / sqrt(inputs), so that activations stay of order one; norms lie around 1.
/// Values are sums of four 16-bit integers drawn by SplitMix64 (Steele, Lea and Flood 2014), scaled: no transcendental functions.
/// </remarks>
sealed class SyntheticCheckpoint : Checkpoint
{
    const string Prefix = "synthetic:";
    const string Family = "llama?";
    const ulong Golden = 0x9E3779B97F4A7C15;
    const int MeanOfSum = 4 * 65535 / 2;

    /// <summary>Standard deviation of the sum of four uniform 16-bit integers, 65536 / sqrt(3).</summary>
    const float DeviationOfSum = 37837.2266f;

    static readonly string[] Parameters = ["d", "layers", "heads", "kv", "head", "ffn", "vocab", "context", "tied", "seed"];

    readonly Dictionary<string, NeededTensor> tensors;
    readonly ulong seed;

    SyntheticCheckpoint(ModelConfig config, ulong seed)
    {
        Config = config;
        this.seed = seed;
        tensors = TensorLayout.Of(config).ToDictionary(tensor => tensor.Name);
        ContentHash = ContentHashes.OfText(CanonicalName);
    }

    public override ModelConfig Config { get; }

    public override Tokenizer? Tokenizer => null;

    public override ChatTemplate? ChatTemplate => null;

    public override string ContentHash { get; }

    string CanonicalName => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix}{Family}d={Config.Width}&layers={Config.Layers}&heads={Config.Heads}&kv={Config.KvHeads}&head={Config.HeadWidth}"
        + $"&ffn={Config.FeedForward}&vocab={Config.Vocabulary}&context={Config.ContextLength}&tied={(Config.TiedEmbedding ? 1 : 0)}&seed={seed}");

    public static bool IsSynthetic(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Reads <c>synthetic:llama?d=576&amp;layers=30&amp;heads=9&amp;kv=3&amp;ffn=1536&amp;vocab=49152&amp;context=2048&amp;seed=1</c>.
    /// kv defaults to heads, head (the width of one) to d / heads, context to 2048, tied to 1, seed to 1.
    /// </summary>
    public static SyntheticCheckpoint Parse(string name)
    {
        Dictionary<string, string> given = Split(name);
        int width = Required(given, "d", 1 << 20);
        int heads = Required(given, "heads", 1 << 14);
        int kvHeads = Optional(given, "kv", 1 << 14) ?? heads;
        int headWidth = Optional(given, "head", 1 << 14)
            ?? (width % heads == 0 ? width / heads : throw Wrong($"d {width} is not divided by heads {heads}; give head"));
        if (headWidth % 2 != 0 || heads % kvHeads != 0)
            throw Wrong($"a head of {headWidth} must be even, and {heads} heads a multiple of kv {kvHeads}");
        string seedText = given.GetValueOrDefault("seed", "1");
        if (!ulong.TryParse(seedText, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            throw Wrong($"seed {seedText} is no 64-bit number");
        string tied = given.GetValueOrDefault("tied", "1");
        return new SyntheticCheckpoint(new ModelConfig
        {
            Architecture = "llama",
            Layers = Required(given, "layers", 1 << 12),
            Width = width,
            Heads = heads,
            KvHeads = kvHeads,
            HeadWidth = headWidth,
            FeedForward = Required(given, "ffn", 1 << 22),
            Vocabulary = Required(given, "vocab", Sampler.VocabularyLimit - 1),
            ContextLength = Optional(given, "context", 1 << 24) ?? 2048,
            NormEpsilon = 1e-5f,
            RopeTheta = 10000,
            TiedEmbedding = tied is "0" or "1" ? tied == "1" : throw Wrong($"tied {tied} is neither 0 nor 1"),
        }, seed);
    }

    public override bool Has(string tensor) => tensors.ContainsKey(tensor);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ReadRows(string tensor, int firstRow, Span<float> destination)
    {
        if (!tensors.TryGetValue(tensor, out NeededTensor needed))
            throw new ArgumentException($"the model has no tensor {tensor}", nameof(tensor));
        int count = destination.Length / needed.Columns;
        if (count * needed.Columns != destination.Length || firstRow < 0 || firstRow > needed.Rows - count)
        {
            throw new ArgumentOutOfRangeException(nameof(firstRow),
                $"{tensor} [{needed.Rows}, {needed.Columns}]: no {destination.Length} values from row {firstRow}");
        }
        ulong state = StreamOf(tensor) + (ulong)((long)firstRow * needed.Columns) * Golden;
        float scale = needed.IsVector ? 0.125f / DeviationOfSum : 1 / (DeviationOfSum * MathF.Sqrt(needed.Columns));
        float center = needed.IsVector ? 1 : 0;
        for (int i = 0; i < destination.Length; i++)
        {
            ulong bits = Mix(state += Golden);
            int sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
            destination[i] = center + (sum - MeanOfSum) * scale;
        }
    }

    /// <summary>FNV-1a of the name, mixed with the seed.</summary>
    ulong StreamOf(string tensor)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char character in tensor)
            hash = (hash ^ character) * 0x100000001B3;
        return Mix(hash ^ Mix(seed + Golden));
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    static Dictionary<string, string> Split(string name)
    {
        string rest = name[Prefix.Length..];
        if (!rest.StartsWith(Family, StringComparison.Ordinal))
            throw Wrong($"{name} does not start with {Prefix}{Family}");
        var given = new Dictionary<string, string>();
        foreach (string part in rest[Family.Length..].Split('&'))
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length != 2 || !Parameters.Contains(pair[0]))
                throw Wrong($"'{part}' is none of {string.Join("=, ", Parameters)}=");
            if (!given.TryAdd(pair[0], pair[1]))
                throw Wrong($"{pair[0]} is given twice");
        }
        return given;
    }

    static int Required(Dictionary<string, string> given, string name, int most) => Optional(given, name, most) ?? throw Wrong($"{name} is missing");

    static int? Optional(Dictionary<string, string> given, string name, int most) => !given.TryGetValue(name, out string? text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 && value <= most ? value
        : throw Wrong($"{name} {text} is not a number from 1 to {most}");

    static HarnessException Wrong(string what) => Codes.SyntheticModel.With(what);
}
