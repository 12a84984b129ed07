using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Checkpoints;

/// <summary>The view of a GGUF file as a model: llama (mistral and mixtral are such too), qwen2, qwen3, qwen2moe and qwen3moe.</summary>
static class GgufModel
{
    static readonly string[] Architectures = ["llama", "qwen2", "qwen3", "qwen2moe", "qwen3moe"];

    static readonly Dictionary<string, string> PartNames = new()
    {
        [TensorNames.Embedding] = "token_embd",
        [TensorNames.FinalNorm] = "output_norm",
        [TensorNames.Head] = "output",
        ["attention_norm"] = "attn_norm",
        ["q"] = "attn_q",
        ["k"] = "attn_k",
        ["v"] = "attn_v",
        ["o"] = "attn_output",
        ["ffn_norm"] = "ffn_norm",
        ["gate"] = "ffn_gate",
        ["up"] = "ffn_up",
        ["down"] = "ffn_down",
        ["q_norm"] = "attn_q_norm",
        ["k_norm"] = "attn_k_norm",
        ["q_bias"] = "attn_q",
        ["k_bias"] = "attn_k",
        ["v_bias"] = "attn_v",
        [TensorNames.Router] = "ffn_gate_inp",
        [TensorNames.SharedGate] = "ffn_gate_inp_shexp",
        [TensorNames.OfSharedExpert("gate")] = "ffn_gate_shexp",
        [TensorNames.OfSharedExpert("up")] = "ffn_up_shexp",
        [TensorNames.OfSharedExpert("down")] = "ffn_down_shexp",
    };

    /// <summary>Metadata after the architecture's prefix that changes the arithmetic: unless absent or 0, the model is refused.</summary>
    static readonly string[] RefusedFeatures =
    [
        "attention.max_alibi_bias", "attention.clamp_kqv", "attention.scale", "logit_scale",
        "residual_scale", "embedding_scale", "attn_logit_softcapping", "final_logit_softcapping",
    ];

    public static Checkpoint Open(string path)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            ModelConfig config = ReadConfig(file);
            bool isLlama = config.Architecture is "llama" or "mixtral";
            return new FileCheckpoint
            {
                Path = path,
                Files = [file],
                ModelConfig = config,
                Tensors = TensorLayout.Bind(
                    config, FileName, GgufExperts.Separate(file, config), name => isLlama && name == GgufRope.FactorsTensor, path),
                InterleavedRope = isLlama,
                Hash = new Lazy<string>(() => ContentHashes.OfFile(path)),
                ModelTokenizer = GgufTokenizer.Read(file.Metadata, path, config.Vocabulary),
                ModelChatTemplate = ReadChatTemplate(file.Metadata),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static string FileName(NeededTensor needed)
    {
        string suffix = needed.Part.EndsWith("_bias", StringComparison.Ordinal) ? "bias" : "weight";
        string name = needed.Expert < 0 ? $"{PartNames[needed.Part]}.{suffix}"
            : GgufExperts.NameOf($"{PartNames[needed.Part]}_exps.{suffix}", needed.Expert);
        return needed.Layer < 0 ? name : $"blk.{needed.Layer}.{name}";
    }

    static ModelConfig ReadConfig(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string architecture = metadata.Text("general.architecture") ?? throw Missing(file, "general.architecture");
        if (!Architectures.Contains(architecture))
            throw KernelCodes.ArchitectureUnsupported.With(
                $"architecture {architecture} is not one of {string.Join(", ", Architectures)}", file.Path);
        RefuseFeatures(file, architecture);
        (ExpertShape Shape, int Width)? experts = GgufExperts.Read(file, architecture);
        int heads = Required(file, $"{architecture}.attention.head_count");
        int width = Required(file, $"{architecture}.embedding_length");
        int context = Required(file, $"{architecture}.context_length");
        int headWidth = HeadWidth(file, architecture, width, heads);
        if (metadata.WholeNumber($"{architecture}.attention.sliding_window") is > 0 and long window && window < context)
            throw KernelCodes.ArchitectureUnsupported.With($"sliding window {window} is below the context of {context} tokens", file.Path);
        return ModelShape.Checked(file.Path, new ModelConfig
        {
            Architecture = experts is null ? architecture : GgufExperts.Family(architecture),
            Layers = Required(file, $"{architecture}.block_count"),
            Width = width,
            Heads = heads,
            KvHeads = Optional(file, $"{architecture}.attention.head_count_kv") ?? heads,
            HeadWidth = headWidth,
            FeedForward = experts?.Width ?? Required(file, $"{architecture}.feed_forward_length"),
            Experts = experts?.Shape,
            Vocabulary = Vocabulary(file, architecture),
            ContextLength = context,
            NormEpsilon = Positive(file, $"{architecture}.attention.layer_norm_rms_epsilon")
                ?? throw Missing(file, $"{architecture}.attention.layer_norm_rms_epsilon"),
            RopeTheta = Positive(file, $"{architecture}.rope.freq_base") ?? 10000,
            RopeFactors = GgufRope.ReadFactors(file, architecture, headWidth),
            TiedEmbedding = file.Find("output.weight") is null,
            QkvBias = architecture is "qwen2" or "qwen2moe",
            HeadNorms = architecture is "qwen3" or "qwen3moe",
        });
    }

    static void RefuseFeatures(GgufFile file, string architecture)
    {
        GgufMetadata metadata = file.Metadata;
        if (metadata.WholeNumber("split.count") is > 1 and long parts)
            throw KernelCodes.ModelFormat.With($"is one of {parts} parts of a split GGUF", file.Path);
        foreach (string key in RefusedFeatures)
        {
            if (metadata.Number($"{architecture}.{key}") is not (null or 0))
                throw KernelCodes.ArchitectureUnsupported.With($"{architecture}.{key} is not implemented", file.Path);
        }
        foreach (string key in new[] { "attention.head_count", "attention.head_count_kv", "feed_forward_length" })
        {
            if (metadata.TypeOf($"{architecture}.{key}") == GgufType.Array)
                throw KernelCodes.ArchitectureUnsupported.With($"{architecture}.{key} differs between layers", file.Path);
        }
        if (metadata.Flag($"{architecture}.attention.causal") == false)
            throw KernelCodes.ArchitectureUnsupported.With("attention that is not causal is not implemented", file.Path);
    }

    static int HeadWidth(GgufFile file, string architecture, int width, int heads)
    {
        int headWidth = Optional(file, $"{architecture}.attention.key_length")
            ?? (heads > 0 && width % heads == 0
                ? width / heads
                : throw KernelCodes.ModelCorrupt.With($"width {width} is not divided by {heads} heads", file.Path));
        foreach (string key in new[] { "attention.value_length", "rope.dimension_count" })
        {
            if (Optional(file, $"{architecture}.{key}") is { } other && other != headWidth)
                throw KernelCodes.ArchitectureUnsupported.With(
                    $"{architecture}.{key} {other} is not the head width {headWidth}", file.Path);
        }
        return headWidth;
    }

    static int Vocabulary(GgufFile file, string architecture)
    {
        StoredTensor embedding = file.Find("token_embd.weight")
            ?? throw KernelCodes.TensorMissing.With("has no tensor token_embd.weight", file.Path);
        if (embedding.Dimensions.Count != 2 || embedding.Rows > int.MaxValue)
            throw KernelCodes.TensorMissing.With(
                $"token_embd.weight is [{string.Join(", ", embedding.Dimensions)}], not a matrix of tokens", file.Path);
        if (Optional(file, $"{architecture}.vocab_size") is { } stated && stated != embedding.Rows)
            throw KernelCodes.ModelCorrupt.With(
                $"{architecture}.vocab_size is {stated}, token_embd.weight has {embedding.Rows} rows", file.Path);
        return (int)embedding.Rows;
    }

    static JinjaChatTemplate? ReadChatTemplate(GgufMetadata metadata)
    {
        if (metadata.Text("tokenizer.chat_template") is not { } source)
            return null;
        var special = new Dictionary<string, string>();
        string[] words = metadata.Texts("tokenizer.ggml.tokens")!;
        (string Name, string Key)[] named =
            [("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"), ("pad_token", "padding")];
        foreach ((string name, string key) in named)
        {
            if (metadata.WholeNumber($"tokenizer.ggml.{key}_token_id") is { } id && id >= 0 && id < words.Length)
                special[name] = words[id];
        }
        return new JinjaChatTemplate(source, special);
    }

    internal static int Required(GgufFile file, string key) => Optional(file, key) ?? throw Missing(file, key);

    internal static int? Optional(GgufFile file, string key) => file.Metadata.WholeNumber(key) is not { } value ? null
        : value is >= 0 and <= int.MaxValue ? (int)value
        : throw KernelCodes.ModelCorrupt.With($"{key} is {value}", file.Path);

    internal static float? Positive(GgufFile file, string key) => file.Metadata.Number(key) is not { } value ? null
        : (float)value > 0 && float.IsFinite((float)value) ? (float)value
        : throw KernelCodes.ModelCorrupt.With($"{key} is {value}, not a positive number", file.Path);

    static HarnessException Missing(GgufFile file, string key) => KernelCodes.ModelCorrupt.With($"lacks {key}", file.Path);
}
