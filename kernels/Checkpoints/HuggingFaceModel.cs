using System.Text.Json;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// A folder as transformers writes it: config.json, model.safetensors or shards with their index, tokenizer, chat template.
/// </summary>
static class HuggingFaceModel
{
    const string SingleFile = "model.safetensors";
    const string IndexFile = "model.safetensors.index.json";

    static readonly Dictionary<string, string> PartNames = new()
    {
        [TensorNames.Embedding] = "model.embed_tokens.weight",
        [TensorNames.FinalNorm] = "model.norm.weight",
        [TensorNames.Head] = "lm_head.weight",
        ["attention_norm"] = "input_layernorm.weight",
        ["q"] = "self_attn.q_proj.weight",
        ["k"] = "self_attn.k_proj.weight",
        ["v"] = "self_attn.v_proj.weight",
        ["o"] = "self_attn.o_proj.weight",
        ["q_bias"] = "self_attn.q_proj.bias",
        ["k_bias"] = "self_attn.k_proj.bias",
        ["v_bias"] = "self_attn.v_proj.bias",
        ["q_norm"] = "self_attn.q_norm.weight",
        ["k_norm"] = "self_attn.k_norm.weight",
        ["ffn_norm"] = "post_attention_layernorm.weight",
        ["gate"] = "mlp.gate_proj.weight",
        ["up"] = "mlp.up_proj.weight",
        ["down"] = "mlp.down_proj.weight",
        [TensorNames.Router] = "mlp.gate.weight",
        [TensorNames.SharedGate] = "mlp.shared_expert_gate.weight",
        [TensorNames.OfSharedExpert("gate")] = "mlp.shared_expert.gate_proj.weight",
        [TensorNames.OfSharedExpert("up")] = "mlp.shared_expert.up_proj.weight",
        [TensorNames.OfSharedExpert("down")] = "mlp.shared_expert.down_proj.weight",
    };

    /// <summary>Of an expert, and of mixtral's, after the expert's number.</summary>
    static readonly Dictionary<string, (string Usual, string Mixtral)> ExpertNames = new()
    {
        ["gate"] = ("gate_proj.weight", "w1.weight"),
        ["up"] = ("up_proj.weight", "w3.weight"),
        ["down"] = ("down_proj.weight", "w2.weight"),
    };

    public static Checkpoint Open(string folder)
    {
        string configPath = Path.Combine(folder, "config.json");
        if (!File.Exists(configPath))
            throw KernelCodes.ModelFormat.With("the folder holds no config.json", folder);
        using JsonFile json = JsonFile.Open(configPath, KernelCodes.ModelCorrupt);
        ModelConfig config = HuggingFaceConfig.Read(json);
        var shards = new List<SafetensorsFile>();
        try
        {
            Dictionary<string, StoredTensor> stored = OpenWeights(folder, shards);
            TokenizerSettings settings = TokenizerSettings.Read(folder, json);
            FileCheckpoint opened = new()
            {
                Path = folder,
                Files = shards,
                ModelConfig = config,
                Tensors = TensorLayout.Bind(config, needed => FileName(needed, config), stored, name => IsIrrelevant(name, config), folder),
                InterleavedRope = false,
                Hash = new Lazy<string>(() => ContentHashes.OfFolder(folder)),
                ModelTokenizer = TokenizerJson.Read(Path.Combine(folder, "tokenizer.json"), settings, config.Vocabulary),
                ModelChatTemplate = settings.ChatTemplate is { } source ? new JinjaChatTemplate(source, settings.SpecialWords) : null,
            };
            int loops = HuggingFaceConfig.Loops(json);
            return loops == 1 ? opened : new UnrolledCheckpoint(opened, loops, owns: true);
        }
        catch
        {
            shards.ForEach(shard => shard.Dispose());
            throw;
        }
    }

    internal static string FileName(NeededTensor needed, ModelConfig config) =>
        needed.Layer < 0 ? PartNames[needed.Part] : $"model.layers.{needed.Layer}.{InLayer(needed, config.Architecture == "mixtral")}";

    static string InLayer(NeededTensor needed, bool isMixtral)
    {
        if (needed.Expert >= 0)
        {
            (string usual, string mixtral) = ExpertNames[needed.Part];
            return isMixtral ? $"block_sparse_moe.experts.{needed.Expert}.{mixtral}" : $"mlp.experts.{needed.Expert}.{usual}";
        }
        return isMixtral && needed.Part == TensorNames.Router ? "block_sparse_moe.gate.weight" : PartNames[needed.Part];
    }

    /// <summary>
    /// Frequencies that follow from the configuration, and a copy of the tied embedding, are ignored as transformers does.
    /// </summary>
    static bool IsIrrelevant(string name, ModelConfig config) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (config.TiedEmbedding && name == PartNames[TensorNames.Head]);

    static Dictionary<string, StoredTensor> OpenWeights(string folder, List<SafetensorsFile> shards)
    {
        string single = Path.Combine(folder, SingleFile);
        if (File.Exists(single))
        {
            shards.Add(SafetensorsFile.Open(single));
            return new Dictionary<string, StoredTensor>(shards[0].Tensors);
        }
        string index = Path.Combine(folder, IndexFile);
        if (!File.Exists(index))
            throw KernelCodes.ModelFormat.With($"the folder holds neither {SingleFile} nor {IndexFile}", folder);
        return OpenShards(folder, index, shards);
    }

    static Dictionary<string, StoredTensor> OpenShards(string folder, string index, List<SafetensorsFile> shards)
    {
        using JsonFile json = JsonFile.Open(index, KernelCodes.ModelCorrupt);
        JsonElement map = json.Find("weight_map") ?? throw json.Missing("weight_map");
        if (map.ValueKind != JsonValueKind.Object)
            throw json.Wrong("weight_map", map, "an object");
        var opened = new Dictionary<string, SafetensorsFile>();
        var stored = new Dictionary<string, StoredTensor>();
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string name = json.Text("weight_map", entry.Value);
            if (!opened.TryGetValue(name, out SafetensorsFile? shard))
            {
                if (name != Path.GetFileName(name) || !name.EndsWith(".safetensors", StringComparison.Ordinal))
                    throw KernelCodes.ModelCorrupt.With($"weight_map names {name}, which is not a safetensors file of the folder", index);
                shard = SafetensorsFile.Open(Path.Combine(folder, name));
                shards.Add(shard);
                opened.Add(name, shard);
            }
            stored.Add(entry.Name, shard.Tensors.GetValueOrDefault(entry.Name)
                ?? throw KernelCodes.TensorMissing.With($"tensor {entry.Name} is not in {name}", index));
        }
        RefuseUnlisted(stored, shards);
        return stored;
    }

    static void RefuseUnlisted(Dictionary<string, StoredTensor> stored, List<SafetensorsFile> shards)
    {
        foreach (SafetensorsFile shard in shards)
        {
            foreach ((string name, StoredTensor tensor) in shard.Tensors)
            {
                if (stored.GetValueOrDefault(name) != tensor)
                    throw KernelCodes.ModelCorrupt.With($"tensor {name} is not the one that {IndexFile} lists", shard.Path);
            }
        }
    }
}
