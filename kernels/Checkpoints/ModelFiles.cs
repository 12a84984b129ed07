using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Checkpoints;

/// <summary>Opens models by what lies at their path.</summary>
public static class ModelFiles
{
    /// <summary>Whether a model is named rather than found on the disk: seeded random weights, <c>synthetic:...</c>.</summary>
    public static bool IsSynthetic(string name) => name.StartsWith(SyntheticShape.Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Opens a GGUF file, a Hugging Face folder, or seeded random weights
    /// (<c>synthetic:135m</c>, <c>synthetic:llama?d=576&amp;layers=30&amp;heads=9&amp;kv=3&amp;ffn=1536&amp;vocab=49152</c>). Whatever is
    /// absent, corrupt or not implemented is refused with a code (HRN0201 to HRN0210).
    /// </summary>
    public static Checkpoint Open(string pathOrSynthetic)
    {
        if (IsSynthetic(pathOrSynthetic))
            return SyntheticCheckpoint.Parse(pathOrSynthetic);
        if (Directory.Exists(pathOrSynthetic))
            return HuggingFaceModel.Open(pathOrSynthetic);
        if (!File.Exists(pathOrSynthetic))
            throw KernelCodes.ModelNotFound.With($"no model at {pathOrSynthetic}");
        return GgufModel.Open(pathOrSynthetic);
    }
}
