using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;

namespace Kernels.Tests.Checkpoints;

/// <summary>Small mixtures of experts of each family, and their folders as transformers writes them.</summary>
static class MixtureModels
{
    public static string[] Families { get; } = ["mixtral", "qwen2_moe", "qwen3_moe"];

    public static ModelConfig Config(string family) =>
        RandomCheckpoint.Shape(layers: 2, width: 16, heads: 2, kvHeads: 1, headWidth: 8, feedForward: 12, vocabulary: TinyModels.Vocabulary)
            with
        {
            Architecture = family,
            ContextLength = 64,
            QkvBias = family == "qwen2_moe",
            HeadNorms = family == "qwen3_moe",
            Experts = new ExpertShape
            {
                Count = 5,
                Active = 2,
                Normalised = family != "qwen2_moe",
                SharedFeedForward = family == "qwen2_moe" ? 20 : 0,
            },
        };

    /// <summary>Writes a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="model">Of one of the families.</param>
    /// <param name="editConfig">Changes config.json.</param>
    /// <param name="editTensors">Changes the tensors.</param>
    public static void Write(
        ScratchFolder folder, Checkpoint model, Action<Dictionary<string, object?>>? editConfig = null,
        Func<IEnumerable<WrittenTensor>, IEnumerable<WrittenTensor>>? editTensors = null)
    {
        Dictionary<string, object?> config = ConfigJson(model.Config);
        editConfig?.Invoke(config);
        folder.Write("config.json", JsonSerializer.Serialize(config));
        folder.Write("tokenizer.json", JsonSerializer.Serialize(TinyModels.TokenizerJson()));
        IEnumerable<WrittenTensor> tensors = TensorLayout.Of(model.Config).Select(tensor => new WrittenTensor(
            Name(tensor, model.Config.Architecture),
            tensor.IsVector ? [tensor.Columns] : [tensor.Rows, tensor.Columns],
            (row, values) => model.ReadRows(tensor.Name, row, values)));
        tensors = editTensors?.Invoke(tensors) ?? tensors;
        SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), [.. tensors], new Dictionary<string, string>());
    }

    static Dictionary<string, object?> ConfigJson(ModelConfig model)
    {
        Dictionary<string, object?> config = TinyModels.Config();
        bool isMixtral = model.Architecture == "mixtral";
        config["model_type"] = model.Architecture;
        config["architectures"] = new[]
        {
            isMixtral ? "MixtralForCausalLM" : model.Architecture == "qwen2_moe" ? "Qwen2MoeForCausalLM" : "Qwen3MoeForCausalLM",
        };
        config["hidden_size"] = model.Width;
        config["head_dim"] = model.HeadWidth;
        config["num_hidden_layers"] = model.Layers;
        config["num_attention_heads"] = model.Heads;
        config["num_key_value_heads"] = model.KvHeads;
        config["rope_theta"] = 10000.0;
        config["intermediate_size"] = isMixtral ? model.FeedForward : 99;
        config["num_experts_per_tok"] = model.Experts!.Active;
        config[isMixtral ? "num_local_experts" : "num_experts"] = model.Experts.Count;
        if (isMixtral)
            return config;
        config["moe_intermediate_size"] = model.FeedForward;
        config["decoder_sparse_step"] = 1;
        config["mlp_only_layers"] = Array.Empty<int>();
        config["norm_topk_prob"] = model.Experts.Normalised;
        if (model.Experts.HasShared)
            config["shared_expert_intermediate_size"] = model.Experts.SharedFeedForward;
        return config;
    }

    static string Name(NeededTensor tensor, string family)
    {
        if (tensor.Layer < 0)
            return tensor.Part == TensorNames.Embedding ? "model.embed_tokens.weight" : "model.norm.weight";
        bool isMixtral = family == "mixtral";
        string ofExpert = isMixtral ? $"block_sparse_moe.experts.{tensor.Expert}" : $"mlp.experts.{tensor.Expert}";
        string part = tensor.Part switch
        {
            "gate" => $"{ofExpert}.{(isMixtral ? "w1" : "gate_proj")}.weight",
            "up" => $"{ofExpert}.{(isMixtral ? "w3" : "up_proj")}.weight",
            "down" => $"{ofExpert}.{(isMixtral ? "w2" : "down_proj")}.weight",
            "router" => isMixtral ? "block_sparse_moe.gate.weight" : "mlp.gate.weight",
            "shared.router" => "mlp.shared_expert_gate.weight",
            "shared.gate" or "shared.up" or "shared.down" => $"mlp.shared_expert.{tensor.Part[7..]}_proj.weight",
            "attention_norm" => "input_layernorm.weight",
            "ffn_norm" => "post_attention_layernorm.weight",
            "q_bias" or "k_bias" or "v_bias" => $"self_attn.{tensor.Part[0]}_proj.bias",
            "q_norm" or "k_norm" => $"self_attn.{tensor.Part}.weight",
            _ => $"self_attn.{tensor.Part}_proj.weight",
        };
        return $"model.layers.{tensor.Layer}.{part}";
    }
}
