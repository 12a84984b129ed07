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
        CheckExperts(path, config.Experts);
        return Excess(config) is { } excess ? throw KernelCodes.ModelCorrupt.With(excess, path) : config;
    }

    static void CheckExperts(string path, ExpertShape? experts)
    {
        if (experts is null)
            return;
        if (experts.Count <= 0 || experts.Active <= 0 || experts.SharedFeedForward < 0)
            throw KernelCodes.ModelCorrupt.With(
                $"{experts.Count} experts, {experts.Active} of them active, one shared of width {experts.SharedFeedForward}", path);
        if (experts.Active > experts.Count)
            throw KernelCodes.ModelCorrupt.With($"{experts.Active} active experts are more than there are, {experts.Count}", path);
        if (experts.Count > ExpertShape.Most)
            throw KernelCodes.ArchitectureUnsupported.With($"{experts.Count} experts are more than {ExpertShape.Most}", path);
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
        int feedForward = Math.Max(config.FeedForward, config.Experts?.SharedFeedForward ?? 0);
        if (2L * feedForward > int.MaxValue)
            return $"feed-forward width {feedForward} is too wide";
        return (long)config.Layers * config.KvHeads > int.MaxValue
            ? $"{config.Layers} layers of {config.KvHeads} key-value heads are too many"
            : null;
    }
}
