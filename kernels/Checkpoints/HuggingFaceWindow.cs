using System.Text.Json;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>Sliding windows, which are not implemented: refused unless, as transformers reads config.json, no layer has one.</summary>
static class HuggingFaceWindow
{
    /// <summary>transformers' default, which holds where the key is absent; null turns the window off.</summary>
    const int DefaultWindow = 4096;

    const int DefaultFirstLayer = 28;

    public static void Refuse(JsonFile json, string architecture, int context, int layers)
    {
        bool allFull = RefuseLayers(json);
        // Which layers have a window is for qwen's list to say; mistral's and others' layers all have the one that is stated.
        bool isQwen = architecture.StartsWith("qwen", StringComparison.Ordinal);
        if (!(json.Flag("use_sliding_window") ?? !isQwen) || (isQwen && allFull))
            return;
        bool isDefault = architecture is not ("llama" or "mixtral") && !json.Root.TryGetProperty("sliding_window", out _);
        if ((isDefault ? DefaultWindow : json.Integer("sliding_window")) is not { } window || window >= context)
            return;
        int first = isQwen ? json.Integer("max_window_layers") ?? DefaultFirstLayer : 0;
        if (first < layers)
            throw KernelCodes.ArchitectureUnsupported.With(
                $"sliding_window {window}{(isDefault ? " (where it is absent)" : "")} is below the context of {context} tokens", json.Path);
    }

    /// <summary>Whether the file lists its layers, and all are full.</summary>
    static bool RefuseLayers(JsonFile json)
    {
        if (json.Find("layer_types") is not { } kinds)
            return false;
        if (kinds.ValueKind != JsonValueKind.Array)
            throw json.Wrong("layer_types", kinds, "a list");
        foreach (JsonElement kind in kinds.EnumerateArray())
        {
            if (json.Text("layer_types", kind) is not "full_attention" and var name)
                throw KernelCodes.ArchitectureUnsupported.With($"layer type {name} is not full_attention", json.Path);
        }
        return true;
    }
}
