using System.Text.Json;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// The rotary embedding of a config.json: rope_parameters, or what older files have in its place, rope_theta and rope_scaling. A file with
/// both must say the same in both.
/// </summary>
/// <param name="LinearFactor">1 where there is no linear scaling.</param>
readonly record struct HuggingFaceRope(float Theta, RopeScaling? Llama3, float LinearFactor)
{
    const float DefaultTheta = 10000;
    const float MixtralTheta = 1e6f;

    public static HuggingFaceRope Read(JsonFile json, string architecture)
    {
        float? theta = json.Positive(json.Root, "rope_theta");
        HuggingFaceRope? parameters = Read(json, "rope_parameters", ref theta);
        HuggingFaceRope? scaling = Read(json, "rope_scaling", ref theta);
        if (parameters is { } one && scaling is { } other && one != other)
            throw KernelCodes.ModelCorrupt.With("rope_parameters and rope_scaling contradict each other", json.Path);
        return (parameters ?? scaling ?? new HuggingFaceRope(0, null, 1)) with
        {
            Theta = theta ?? (architecture == "mixtral" ? MixtralTheta : DefaultTheta),
        };
    }

    /// <summary>
    /// The scaling under a name, or null; its base goes to <paramref name="theta"/>, and is none other than one that is there.
    /// </summary>
    static HuggingFaceRope? Read(JsonFile json, string name, ref float? theta)
    {
        if (json.Find(name) is not { } rope)
            return null;
        string type = TypeOf(json, name, rope);
        if (json.Positive(rope, "rope_theta") is { } own)
        {
            if (theta is { } stated && stated != own)
                throw KernelCodes.ModelCorrupt.With($"rope_theta is {stated}, and {own} in {name}", json.Path);
            theta = own;
        }
        float linear = type == "linear" ? json.Positive(rope, "factor") ?? throw json.Missing("factor") : 1;
        return new HuggingFaceRope(0, type == "llama3" ? ReadLlama3(json, rope) : null, linear);
    }

    static string TypeOf(JsonFile json, string name, JsonElement rope)
    {
        if (rope.ValueKind != JsonValueKind.Object)
            throw json.Wrong(name, rope, "an object");
        if (JsonFile.Find(rope, "partial_rotary_factor") is { } part && !(part.ValueKind == JsonValueKind.Number && part.GetDouble() == 1))
            throw KernelCodes.ArchitectureUnsupported.With("partial_rotary_factor is not implemented", json.Path);
        string? type = json.Text(rope, "rope_type");
        string? older = json.Text(rope, "type");
        if (type is not null && older is not null && type != older)
            throw KernelCodes.ModelCorrupt.With($"{name} is of rope_type {type} and of type {older}", json.Path);
        type ??= older;
        if (type is null && rope.EnumerateObject().Any(member => member.Name is not ("rope_theta" or "partial_rotary_factor")))
            throw KernelCodes.ArchitectureUnsupported.With("RoPE parameters without a rope_type are not implemented", json.Path);
        return type is null or "default" or "linear" or "llama3"
            ? type ?? "default"
            : throw KernelCodes.ArchitectureUnsupported.With($"rope_type {type} is not one of default, linear, llama3", json.Path);
    }

    static RopeScaling ReadLlama3(JsonFile json, JsonElement rope)
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
