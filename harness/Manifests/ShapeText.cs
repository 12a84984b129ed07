using System.Globalization;
using Harness.Diagnostics;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Tasks;

namespace Harness.Manifests;

/// <summary>The shape of a model to train, as a manifest writes it: <c>d=96;layers=4;heads=6;ffn=256</c>.</summary>
static class ShapeText
{
    const int UsualContext = 128;

    /// <summary>What a shape of random weights may say, and one of a model to train does not.</summary>
    static readonly string[] OfRandomWeights = ["vocab", "seed"];

    /// <exception cref="HarnessException"><see cref="Codes.BadValue"/>: what is missing, unknown or does not divide.</exception>
    public static ModelConfig Read(ValueReader values, string name)
    {
        string written = values.Required(name);
        string[] parts = Parts(written);
        if (parts.FirstOrDefault(part => OfRandomWeights.Contains(part.Split('=')[0])) is { } foreign)
            throw values.Complaint(Codes.BadValue, name, $"{name} says '{foreign}', which the vocabulary and Seed do");
        if (!parts.Any(part => part.StartsWith("context=", StringComparison.Ordinal)))
            parts = [.. parts, $"context={UsualContext}"];
        try
        {
            return Open(parts);
        }
        catch (HarnessException wrong)
        {
            throw values.Complaint(Codes.BadValue, name, $"{name} is '{written}': {wrong.Message}");
        }
    }

    /// <summary>The shape that <see cref="Of"/> wrote.</summary>
    public static ModelConfig Parse(string written) => Open(Parts(written));

    static string[] Parts(string written) => written.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static ModelConfig Open(string[] parts)
    {
        using Checkpoint named = ModelFiles.Open($"synthetic:llama?{string.Join('&', parts)}&vocab={GeneratedWords.Vocabulary.Count}");
        return named.Config;
    }

    /// <summary>Every number written out in one order.</summary>
    public static string Of(ModelConfig shape) => string.Create(CultureInfo.InvariantCulture,
        $"d={shape.Width};layers={shape.Layers};heads={shape.Heads};kv={shape.KvHeads};head={shape.HeadWidth};ffn={shape.FeedForward}"
        + $"{SyntheticShape.OfExperts(shape.Experts, ';')};context={shape.ContextLength};tied={(shape.TiedEmbedding ? 1 : 0)}");
}
