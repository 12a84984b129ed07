using System.Text.Json;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// The experts that config.json states, as transformers reads it: of mixtral, qwen2_moe and qwen3_moe. What differs from a mixture in every
/// layer is refused by its name.
/// </summary>
static class HuggingFaceExperts
{
    /// <summary>What other architectures must not state, unless it is 0.</summary>
    static readonly string[] Counts = ["num_local_experts", "num_experts"];

    /// <summary>The experts with the width of each, or null in a dense model.</summary>
    public static (ExpertShape Shape, int Width)? Read(JsonFile json, string architecture)
    {
        switch (architecture)
        {
            case "mixtral":
                return (new ExpertShape
                {
                    Count = json.RequiredInteger("num_local_experts"),
                    Active = json.RequiredInteger("num_experts_per_tok"),
                    Normalised = true,
                }, json.RequiredInteger("intermediate_size"));
            case "qwen2_moe" or "qwen3_moe":
                return ReadQwen(json, hasShared: architecture == "qwen2_moe");
            default:
                foreach (string count in Counts)
                {
                    if (json.Integer(count) is not (null or 0))
                        throw KernelCodes.ArchitectureUnsupported.With($"{count} is not implemented in a {architecture}", json.Path);
                }
                return null;
        }
    }

    static (ExpertShape, int) ReadQwen(JsonFile json, bool hasShared)
    {
        if (json.Integer("decoder_sparse_step") is { } step and not 1)
            throw KernelCodes.ArchitectureUnsupported.With(
                $"decoder_sparse_step {step}, layers without experts between those with, is not implemented", json.Path);
        if (json.Find("mlp_only_layers") is { } layers && (layers.ValueKind != JsonValueKind.Array || layers.GetArrayLength() > 0))
            throw KernelCodes.ArchitectureUnsupported.With("mlp_only_layers, layers without experts, is not implemented", json.Path);
        if (hasShared && json.Flag("qkv_bias") == false)
            throw KernelCodes.ArchitectureUnsupported.With("qkv_bias false is not implemented in a qwen2_moe", json.Path);
        return (new ExpertShape
        {
            Count = json.RequiredInteger("num_experts"),
            Active = json.RequiredInteger("num_experts_per_tok"),
            Normalised = json.Flag("norm_topk_prob") ?? false,
            SharedFeedForward = hasShared ? json.RequiredInteger("shared_expert_intermediate_size") : 0,
        }, json.RequiredInteger("moe_intermediate_size"));
    }
}
