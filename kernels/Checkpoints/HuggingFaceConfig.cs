using System.Text.Json;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>Reads config.json as transformers understands it, and refuses every feature that the forward pass lacks.</summary>
static class HuggingFaceConfig
{
    static readonly Dictionary<string, string> HeadClasses = new()
    {
        ["llama"] = "LlamaForCausalLM",
        ["mistral"] = "MistralForCausalLM",
        ["qwen2"] = "Qwen2ForCausalLM",
        ["qwen3"] = "Qwen3ForCausalLM",
        ["mixtral"] = "MixtralForCausalLM",
        ["qwen2_moe"] = "Qwen2MoeForCausalLM",
        ["qwen3_moe"] = "Qwen3MoeForCausalLM",
        [Looped + "llama"] = "LoopedLlamaForCausalLM",
        [Looped + "mixtral"] = "LoopedMixtralForCausalLM",
    };

    /// <summary>Begins the names of models whose layers are passed <see cref="LoopsMember"/> times; transformers knows none.</summary>
    const string Looped = "looped_";

    public const string LoopsMember = "num_loops";

    /// <summary>Of the unrolled model.</summary>
    const int MostLayers = 10_000;

    /// <summary>Features that change the arithmetic: unless absent, null, false or 0, the model is refused.</summary>
    static readonly string[] RefusedFeatures =
    [
        "attention_bias", "mlp_bias", "rope_interleaved", "attention_multiplier", "attn_logit_softcapping", "final_logit_softcapping",
        "clip_qkv", "query_pre_attn_scalar", "use_qk_norm", "quantization_config", "alibi",
        "no_rope_layers",
    ];

    /// <summary>Factors of the arithmetic: unless absent, null or 1, the model is refused.</summary>
    static readonly string[] RefusedFactors =
        ["partial_rotary_factor", "embedding_multiplier", "residual_multiplier", "logits_scaling", "logit_scale"];

    /// <summary>How often the layers are passed: once, but in a looped model.</summary>
    public static int Loops(JsonFile json)
    {
        if (json.Text("model_type")?.StartsWith(Looped, StringComparison.Ordinal) != true)
            return 1;
        int loops = json.RequiredInteger(LoopsMember);
        return loops >= 1 && (long)loops * json.RequiredInteger("num_hidden_layers") <= MostLayers ? loops
            : throw json.Wrong(LoopsMember, json.Find(LoopsMember)!.Value, $"1 or more, and no more than {MostLayers} layers together");
    }

    /// <summary>The model_type of an architecture whose layers are passed once, or several times.</summary>
    public static string FamilyOf(string architecture, bool looped) => looped ? Looped + architecture : architecture;

    /// <summary>What transformers calls the model of a model_type.</summary>
    public static string HeadClassOf(string family) => HeadClasses[family];

    public static ModelConfig Read(JsonFile json)
    {
        string architecture = Architecture(json);
        if (architecture.StartsWith(Looped, StringComparison.Ordinal))
            architecture = architecture[Looped.Length..];
        RefuseFeatures(json);
        (ExpertShape Shape, int Width)? experts = HuggingFaceExperts.Read(json, architecture);
        int heads = json.RequiredInteger("num_attention_heads");
        int width = json.RequiredInteger("hidden_size");
        int kvHeads = json.Integer("num_key_value_heads") ?? (architecture == "llama" ? heads : throw json.Missing("num_key_value_heads"));
        int context = json.RequiredInteger("max_position_embeddings");
        int layers = json.RequiredInteger("num_hidden_layers");
        HuggingFaceWindow.Refuse(json, architecture, context, layers);
        int headWidth = json.Integer("head_dim") ?? DefaultHeadWidth(json, architecture, width, heads);
        HuggingFaceRope rope = HuggingFaceRope.Read(json, architecture);
        return ModelShape.Checked(json.Path, new ModelConfig
        {
            Architecture = architecture,
            Layers = layers,
            Width = width,
            Heads = heads,
            KvHeads = kvHeads,
            HeadWidth = headWidth,
            FeedForward = experts?.Width ?? json.RequiredInteger("intermediate_size"),
            Experts = experts?.Shape,
            Vocabulary = json.RequiredInteger("vocab_size"),
            ContextLength = context,
            NormEpsilon = json.Positive(json.Root, "rms_norm_eps") ?? throw json.Missing("rms_norm_eps"),
            RopeTheta = rope.Theta,
            RopeScaling = rope.Llama3,
            RopeFactors = ModelShape.LinearRopeFactors(rope.LinearFactor, headWidth),
            TiedEmbedding = json.Flag("tie_word_embeddings") ?? false,
            QkvBias = architecture is "qwen2" or "qwen2_moe",
            HeadNorms = architecture is "qwen3" or "qwen3_moe",
        });
    }

    static string Architecture(JsonFile json)
    {
        string architecture = json.Text("model_type") ?? throw json.Missing("model_type");
        if (!HeadClasses.TryGetValue(architecture, out string? headClass))
            throw KernelCodes.ArchitectureUnsupported.With(
                $"model_type {architecture} is not one of {string.Join(", ", HeadClasses.Keys)}", json.Path);
        if (json.Find("architectures") is { } classes)
        {
            if (classes.ValueKind != JsonValueKind.Array || classes.GetArrayLength() != 1)
                throw json.Wrong("architectures", classes, "a list of one");
            string name = json.Text("architectures", classes[0]);
            if (name != headClass)
                throw KernelCodes.ArchitectureUnsupported.With($"architecture {name} is not {headClass}", json.Path);
        }
        return architecture;
    }

    static void RefuseFeatures(JsonFile json)
    {
        string activation = json.Text("hidden_act") ?? "silu";
        if (activation is not ("silu" or "swish"))
            throw KernelCodes.ArchitectureUnsupported.With($"hidden_act {activation} is not silu", json.Path);
        foreach (string feature in RefusedFeatures)
        {
            if (json.Find(feature) is { } value && value.ValueKind != JsonValueKind.False && !IsNumber(value, 0))
                throw KernelCodes.ArchitectureUnsupported.With($"{feature} is not implemented", json.Path);
        }
        foreach (string factor in RefusedFactors)
        {
            if (json.Find(factor) is { } value && !IsNumber(value, 1))
                throw KernelCodes.ArchitectureUnsupported.With($"{factor} is not implemented", json.Path);
        }
    }

    static bool IsNumber(JsonElement value, double number) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double written) && written == number;

    static int DefaultHeadWidth(JsonFile json, string architecture, int width, int heads)
    {
        if (architecture == "qwen3")
            throw json.Missing("head_dim");
        return heads > 0 && width % heads == 0
            ? width / heads
            : throw KernelCodes.ModelCorrupt.With($"hidden_size {width} is not divided by num_attention_heads {heads}", json.Path);
    }
}
