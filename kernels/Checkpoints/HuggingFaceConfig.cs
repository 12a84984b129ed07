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
    };

    /// <summary>Features that change the arithmetic: unless absent, null, false, 0 or 1, the model is refused.</summary>
    static readonly string[] RefusedFeatures =
    [
        "attention_bias", "mlp_bias", "partial_rotary_factor", "rope_interleaved", "attention_multiplier", "embedding_multiplier",
        "residual_multiplier", "logits_scaling", "logit_scale", "attn_logit_softcapping", "final_logit_softcapping", "clip_qkv",
        "query_pre_attn_scalar", "use_qk_norm", "num_local_experts", "num_experts", "quantization_config", "alibi", "no_rope_layers",
    ];

    public static ModelConfig Read(JsonFile json)
    {
        string architecture = Architecture(json);
        RefuseFeatures(json);
        int heads = json.RequiredInteger("num_attention_heads");
        int width = json.RequiredInteger("hidden_size");
        int kvHeads = json.Integer("num_key_value_heads") ?? (architecture == "llama" ? heads : throw json.Missing("num_key_value_heads"));
        int context = json.RequiredInteger("max_position_embeddings");
        RefuseSlidingWindow(json, context);
        JsonElement rope = json.Find("rope_parameters") ?? json.Find("rope_scaling") ?? default;
        int headWidth = json.Integer("head_dim") ?? DefaultHeadWidth(json, architecture, width, heads);
        string ropeType = RopeType(json, rope);
        return ModelShape.Checked(json.Path, new ModelConfig
        {
            Architecture = architecture,
            Layers = json.RequiredInteger("num_hidden_layers"),
            Width = width,
            Heads = heads,
            KvHeads = kvHeads,
            HeadWidth = headWidth,
            FeedForward = json.RequiredInteger("intermediate_size"),
            Vocabulary = json.RequiredInteger("vocab_size"),
            ContextLength = context,
            NormEpsilon = json.Positive(json.Root, "rms_norm_eps") ?? throw json.Missing("rms_norm_eps"),
            RopeTheta = json.Positive(rope, "rope_theta") ?? json.Positive(json.Root, "rope_theta") ?? 10000,
            RopeScaling = ropeType == "llama3" ? Llama3(json, rope) : null,
            RopeFactors = ropeType == "linear"
                ? ModelShape.LinearRopeFactors(json.Positive(rope, "factor") ?? throw json.Missing("factor"), headWidth)
                : null,
            TiedEmbedding = json.Flag("tie_word_embeddings") ?? false,
            QkvBias = architecture == "qwen2",
            HeadNorms = architecture == "qwen3",
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
            if (json.Find(feature) is { } value && !IsNeutral(value))
                throw KernelCodes.ArchitectureUnsupported.With($"{feature} is not implemented", json.Path);
        }
    }

    static bool IsNeutral(JsonElement value) =>
        value.ValueKind == JsonValueKind.False
            || (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number is 0 or 1);

    /// <summary>A window is harmless where it is off or holds the whole context.</summary>
    static void RefuseSlidingWindow(JsonFile json, int context)
    {
        bool used = json.Flag("use_sliding_window") ?? true;
        if (used && json.Integer("sliding_window") is { } window && window < context)
            throw KernelCodes.ArchitectureUnsupported.With($"sliding_window {window} is below the context of {context} tokens", json.Path);
        if (json.Find("layer_types") is not { } kinds)
            return;
        if (kinds.ValueKind != JsonValueKind.Array)
            throw json.Wrong("layer_types", kinds, "a list");
        foreach (JsonElement kind in kinds.EnumerateArray())
        {
            if (json.Text("layer_types", kind) is not "full_attention" and var name)
                throw KernelCodes.ArchitectureUnsupported.With($"layer type {name} is not full_attention", json.Path);
        }
    }

    static int DefaultHeadWidth(JsonFile json, string architecture, int width, int heads)
    {
        if (architecture == "qwen3")
            throw json.Missing("head_dim");
        return heads > 0 && width % heads == 0
            ? width / heads
            : throw KernelCodes.ModelCorrupt.With($"hidden_size {width} is not divided by num_attention_heads {heads}", json.Path);
    }

    static string RopeType(JsonFile json, JsonElement rope)
    {
        if (rope.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
            throw json.Wrong("rope_parameters", rope, "an object");
        if (JsonFile.Find(rope, "partial_rotary_factor") is { } part && !IsNeutral(part))
            throw KernelCodes.ArchitectureUnsupported.With("partial_rotary_factor is not implemented", json.Path);
        string? type = json.Text(rope, "rope_type") ?? json.Text(rope, "type");
        bool hasOthers = rope.ValueKind == JsonValueKind.Object && rope.EnumerateObject().Any(member => member.Name != "rope_theta");
        if (type is null && hasOthers)
            throw KernelCodes.ArchitectureUnsupported.With("RoPE parameters without a rope_type are not implemented", json.Path);
        return type is null or "default" or "linear" or "llama3"
            ? type ?? "default"
            : throw KernelCodes.ArchitectureUnsupported.With($"rope_type {type} is not one of default, linear, llama3", json.Path);
    }

    static RopeScaling Llama3(JsonFile json, JsonElement rope)
    {
        float Required(string name) => json.Positive(rope, name) ?? throw json.Missing(name);

        float original = Required("original_max_position_embeddings");
        int originalContext = (int)Math.Min(original, int.MaxValue);
        var scaling = new RopeScaling(Required("factor"), Required("low_freq_factor"), Required("high_freq_factor"), originalContext);
        if (scaling.HighFrequencyFactor <= scaling.LowFrequencyFactor || scaling.OriginalContextLength != original)
            throw KernelCodes.ModelCorrupt.With($"its RoPE scaling contradicts itself: {scaling}", json.Path);
        return scaling;
    }
}
