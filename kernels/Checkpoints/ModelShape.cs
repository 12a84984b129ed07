using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Checkpoints;

/// <summary>What every configuration must hold to, wherever it came from.</summary>
static class ModelShape
{
    /// <summary>Attention addresses a page of one head with 32 bits.</summary>
    const int WidestHead = 1 << 14;

    /// <summary><paramref name="config"/> itself, or an error that names its contradiction.</summary>
    public static ModelConfig Checked(string path, ModelConfig config)
    {
        (string Name, int Value)[] sizes =
        [
            ("layers", config.Layers), ("width", config.Width), ("heads", config.Heads), ("key-value heads", config.KvHeads),
            ("head width", config.HeadWidth), ("feed-forward width", config.FeedForward), ("vocabulary", config.Vocabulary),
            ("context length", config.ContextLength),
        ];
        foreach ((string name, int value) in sizes)
        {
            if (value <= 0)
                throw KernelCodes.ModelCorrupt.With($"{name} is {value}", path);
        }
        if (config.Heads % config.KvHeads != 0)
            throw KernelCodes.ModelCorrupt.With($"{config.Heads} heads can't share {config.KvHeads} key-value heads", path);
        if (config.HeadWidth % 2 != 0)
            throw KernelCodes.ModelCorrupt.With($"head width {config.HeadWidth} is odd, and RoPE turns pairs", path);
        if (config.Vocabulary >= Sampler.VocabularyLimit)
            throw KernelCodes.ArchitectureUnsupported.With(
                $"a vocabulary of {config.Vocabulary} is not below {Sampler.VocabularyLimit}", path);
        return Excess(config) is { } excess ? throw KernelCodes.ModelCorrupt.With(excess, path) : config;
    }

    /// <summary>Linear scaling, which stretches every wavelength by <paramref name="factor"/>; null for 1, which changes nothing.</summary>
    public static IReadOnlyList<float>? LinearRopeFactors(float factor, int headWidth) =>
        factor == 1 || headWidth is <= 0 or > WidestHead ? null : [.. Enumerable.Repeat(factor, headWidth / 2)];

    /// <summary>Which size of a configuration of positive numbers is beyond what the kernels can address, or null.</summary>
    static string? Excess(ModelConfig config)
    {
        if (config.HeadWidth > WidestHead)
            return $"head width {config.HeadWidth} is too wide: above {WidestHead}";
        if ((config.Heads + (2L * config.KvHeads)) * config.HeadWidth > int.MaxValue)
            return $"{config.Heads} heads and {config.KvHeads} key-value heads of {config.HeadWidth} are too wide";
        if (2L * config.FeedForward > int.MaxValue)
            return $"feed-forward width {config.FeedForward} is too wide";
        return (long)config.Layers * config.KvHeads > int.MaxValue
            ? $"{config.Layers} layers of {config.KvHeads} key-value heads are too many"
            : null;
    }
}
