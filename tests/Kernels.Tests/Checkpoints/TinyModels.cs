using System.Text.Json;

namespace Kernels.Tests.Checkpoints;

/// <summary>Whole models of a few kilobytes, written by the tests themselves.</summary>
static class TinyModels
{
    public const int Width = 8;
    public const int Heads = 2;
    public const int Vocabulary = 300;
    const int FeedForward = 16;

    /// <summary>The 256 letters of the byte alphabet, three merges, and two special tokens.</summary>
    public static string[] Words { get; } = [.. Alphabet(), "th", "the", "Ġthe", "<|im_start|>", "<|im_end|>"];

    public static string[] Merges { get; } = ["t h", "th e", "Ġ the"];

    public static float Value(int seed, int index) => (((seed * 7919) + (index * 104729)) % 1000 - 500) / 500f;

    /// <summary>A llama of one layer; the rows of q and k are as GGUF has them.</summary>
    public static GgufWriter Gguf()
    {
        GgufWriter writer = new GgufWriter()
            .Add("general.architecture", "llama")
            .Add("llama.block_count", 1u)
            .Add("llama.context_length", 64u)
            .Add("llama.embedding_length", (uint)Width)
            .Add("llama.feed_forward_length", (uint)FeedForward)
            .Add("llama.attention.head_count", (uint)Heads)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        AddTokenizer(writer);
        int seed = 0;
        foreach ((string name, int[] shape) in GgufTensors())
        {
            int own = seed++;
            writer.Add(name, shape, Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => Value(own, i)));
        }
        return writer;
    }

    public static void AddTokenizer(GgufWriter writer) => writer
        .Add("tokenizer.ggml.model", "gpt2")
        .Add("tokenizer.ggml.pre", "smollm")
        .Add("tokenizer.ggml.tokens", Words)
        .Add("tokenizer.ggml.token_type", [.. Words.Select(word => word.StartsWith("<|", StringComparison.Ordinal) ? 3 : 1)])
        .Add("tokenizer.ggml.merges", Merges)
        .Add("tokenizer.ggml.bos_token_id", 259u)
        .Add("tokenizer.ggml.eos_token_id", 260u);

    public static IEnumerable<(string Name, int[] Shape)> GgufTensors() =>
    [
        ("token_embd.weight", [Vocabulary, Width]),
        ("blk.0.attn_norm.weight", [Width]),
        ("blk.0.attn_q.weight", [Width, Width]),
        ("blk.0.attn_k.weight", [Width, Width]),
        ("blk.0.attn_v.weight", [Width, Width]),
        ("blk.0.attn_output.weight", [Width, Width]),
        ("blk.0.ffn_norm.weight", [Width]),
        ("blk.0.ffn_gate.weight", [FeedForward, Width]),
        ("blk.0.ffn_up.weight", [FeedForward, Width]),
        ("blk.0.ffn_down.weight", [Width, FeedForward]),
        ("output_norm.weight", [Width]),
    ];

    public static Dictionary<string, object?> Config() => new()
    {
        ["model_type"] = "llama",
        ["architectures"] = new[] { "LlamaForCausalLM" },
        ["hidden_act"] = "silu",
        ["hidden_size"] = Width,
        ["intermediate_size"] = FeedForward,
        ["max_position_embeddings"] = 64,
        ["num_attention_heads"] = Heads,
        ["num_hidden_layers"] = 1,
        ["num_key_value_heads"] = Heads,
        ["rms_norm_eps"] = 1e-5,
        ["tie_word_embeddings"] = true,
        ["vocab_size"] = Vocabulary,
        ["eos_token_id"] = 260,
    };

    public static Dictionary<string, object?> TokenizerJson() => new()
    {
        ["added_tokens"] = new object[]
        {
            new { id = 259, content = "<|im_start|>", special = true },
            new { id = 260, content = "<|im_end|>", special = true },
        },
        ["normalizer"] = null,
        ["pre_tokenizer"] = new { type = "ByteLevel", add_prefix_space = false, use_regex = true },
        ["post_processor"] = null,
        ["decoder"] = new { type = "ByteLevel" },
        ["model"] = new
        {
            type = "BPE",
            vocab = Words.Select((word, id) => (word, id)).ToDictionary(pair => pair.word, pair => pair.id),
            merges = Merges,
        },
    };

    public static string[] HuggingFaceTensors { get; } =
    [
        "model.embed_tokens.weight", "model.layers.0.input_layernorm.weight", "model.layers.0.self_attn.q_proj.weight",
        "model.layers.0.self_attn.k_proj.weight", "model.layers.0.self_attn.v_proj.weight", "model.layers.0.self_attn.o_proj.weight",
        "model.layers.0.post_attention_layernorm.weight", "model.layers.0.mlp.gate_proj.weight", "model.layers.0.mlp.up_proj.weight",
        "model.layers.0.mlp.down_proj.weight", "model.norm.weight",
    ];

    /// <summary>Writes a Hugging Face folder with the same weights.</summary>
    public static void WriteFolder(
        ScratchFolder folder,
        Action<Dictionary<string,
        object?>>? editConfig = null,
        Action<Dictionary<string,
        object?>>? editTokenizer = null)
    {
        Dictionary<string, object?> config = Config();
        editConfig?.Invoke(config);
        Dictionary<string, object?> tokenizer = TokenizerJson();
        editTokenizer?.Invoke(tokenizer);
        folder.Write("config.json", JsonSerializer.Serialize(config));
        folder.Write("tokenizer.json", JsonSerializer.Serialize(tokenizer));
        folder.Write("model.safetensors", Safetensors());
    }

    static byte[] Safetensors()
    {
        var header = new Dictionary<string, object>();
        using var data = new MemoryStream();
        foreach (((string _, int[] shape), int index) in GgufTensors().Select((tensor, index) => (tensor, index)))
        {
            long start = data.Position;
            for (int i = 0; i < shape.Aggregate(1, (a, b) => a * b); i++)
                data.Write(BitConverter.GetBytes(Value(index, i)));
            header[HuggingFaceTensors[index]] = new { dtype = "F32", shape, data_offsets = new[] { start, data.Position } };
        }
        return SafetensorsBytes(JsonSerializer.Serialize(header), data.ToArray());
    }

    public static byte[] SafetensorsBytes(string header, byte[] data)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data];
    }

    static IEnumerable<string> Alphabet()
    {
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174);
            yield return ((char)(printable ? value : next++)).ToString();
        }
    }
}
