using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Models.Checkpoints;

/// <summary>What every configuration must hold to, wherever it came from.</summary>
static class ModelShape
{
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
                throw Codes.ModelCorrupt.With($"{name} is {value}", path);
        }
        if (config.Heads % config.KvHeads != 0)
            throw Codes.ModelCorrupt.With($"{config.Heads} heads can't share {config.KvHeads} key-value heads", path);
        if (config.HeadWidth % 2 != 0)
            throw Codes.ModelCorrupt.With($"head width {config.HeadWidth} is odd, and RoPE turns pairs", path);
        if ((long)config.Heads * config.HeadWidth > int.MaxValue)
            throw Codes.ModelCorrupt.With($"{config.Heads} heads of {config.HeadWidth} are too wide", path);
        return config;
    }
}
