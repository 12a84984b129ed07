using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// Experts of a GGUF file as llama.cpp has them: each kind of an expert's matrices is one tensor of a layer, the expert its outermost
/// dimension; weights of the chosen are made to sum to 1 in a llama and a qwen3moe, not in a qwen2moe, which has a shared expert.
/// </summary>
static class GgufExperts
{
    const int Softmax = 1;

    /// <summary>
    /// Metadata after the architecture's prefix that changes the routing: unless absent or neutral, the model is refused.
    /// </summary>
    static readonly (string Key, double Neutral)[] Refused =
    [
        ("expert_weights_scale", 1), ("expert_gating_func", Softmax), ("expert_group_count", 1), ("expert_group_used_count", 1),
        ("leading_dense_block_count", 0), ("expert_shared_count", 1), ("interleave_moe_layer_step", 1), ("moe_every_n_layers", 1),
    ];

    /// <summary>The experts with the width of each, or null in a dense model.</summary>
    public static (ExpertShape Shape, int Width)? Read(GgufFile file, string architecture)
    {
        string Key(string key) => $"{architecture}.{key}";
        bool isMixture = architecture is "qwen2moe" or "qwen3moe";
        int count = GgufModel.Optional(file, Key("expert_count")) ?? 0;
        if (count == 0 && !isMixture)
            return GgufModel.Optional(file, Key("expert_used_count")) is null or 0 ? null
                : throw KernelCodes.ModelCorrupt.With($"{Key("expert_used_count")} is given, and {Key("expert_count")} is not", file.Path);
        if (count > 0 && architecture is not "llama" && !isMixture)
            throw KernelCodes.ArchitectureUnsupported.With($"{Key("expert_count")} is not implemented", file.Path);
        foreach ((string key, double neutral) in Refused)
        {
            if (file.Metadata.Number(Key(key)) is { } value && value != 0 && value != neutral)
                throw KernelCodes.ArchitectureUnsupported.With($"{Key(key)} {value} is not implemented", file.Path);
        }
        bool normalised = architecture != "qwen2moe";
        if (file.Metadata.Flag(Key("expert_weights_norm")) is { } stated && stated != normalised)
            throw KernelCodes.ArchitectureUnsupported.With(
                $"{Key("expert_weights_norm")} {stated} is not implemented in a {architecture}", file.Path);
        int active = GgufModel.Required(file, Key("expert_used_count"));
        var shape = new ExpertShape
        {
            Count = count,
            Active = active,
            Normalised = normalised,
            SharedFeedForward = architecture != "qwen2moe" ? 0
                : GgufModel.Optional(file, Key("expert_shared_feed_forward_length"))
                    ?? GgufModel.Required(file, Key("feed_forward_length")),
        };
        return (shape, Width(file, architecture, active));
    }

    /// <summary>The architecture by the name that transformers has for it.</summary>
    public static string Family(string architecture) => architecture switch
    {
        "llama" => "mixtral",
        "qwen2moe" => "qwen2_moe",
        _ => "qwen3_moe",
    };

    /// <summary>The name that <see cref="Separate"/> gives an expert's part of a tensor.</summary>
    public static string NameOf(string tensor, int expert) => $"{tensor}[{expert}]";

    /// <summary>The file's tensors, those of all experts of a layer taken apart.</summary>
    /// <exception cref="HarnessException">Such a tensor has not the shape that the model needs.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Separate(GgufFile file, ModelConfig config)
    {
        if (config.Experts is not { } experts)
            return file.TensorsByName;
        var separate = new Dictionary<string, StoredTensor>();
        foreach ((string name, StoredTensor tensor) in file.TensorsByName)
        {
            if (name.EndsWith("_exps.weight", StringComparison.Ordinal))
            {
                bool isDown = name.EndsWith("ffn_down_exps.weight", StringComparison.Ordinal);
                (int outputs, int inputs) = isDown ? (config.Width, config.FeedForward) : (config.FeedForward, config.Width);
                if (!tensor.Dimensions.SequenceEqual([experts.Count, outputs, inputs]))
                    throw KernelCodes.TensorMissing.With(
                        $"tensor {name} is [{string.Join(", ", tensor.Dimensions)}],"
                        + $" its model needs [{experts.Count}, {outputs}, {inputs}]", file.Path);
                for (int expert = 0; expert < experts.Count; expert++)
                    separate.Add(NameOf(name, expert), tensor.Slice(expert));
            }
            else
            {
                bool isGate = name.EndsWith(".ffn_gate_inp_shexp.weight", StringComparison.Ordinal) && tensor.Dimensions.Count == 1;
                separate.Add(name, isGate ? tensor.Slice(0) : tensor);
            }
        }
        return separate;
    }

    /// <summary>llama.cpp shares the feed-forward's width among the active experts of a qwen where theirs is not stated.</summary>
    static int Width(GgufFile file, string architecture, int active)
    {
        int? stated = GgufModel.Optional(file, $"{architecture}.expert_feed_forward_length");
        if (stated is > 0 && architecture != "llama")
            return stated.Value;
        int feedForward = GgufModel.Required(file, $"{architecture}.feed_forward_length");
        if (architecture != "llama")
            return active > 0 ? feedForward / active : 0;
        return stated is null or 0 || stated == feedForward ? feedForward
            : throw KernelCodes.ArchitectureUnsupported.With(
                $"{architecture}.expert_feed_forward_length {stated} is not the feed-forward length {feedForward}", file.Path);
    }
}
