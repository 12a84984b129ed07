using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Decoding;

/// <summary>Whether a model has room for a request, found without generating.</summary>
/// <param name="Together">Its samples that can be in flight at once; 0 where not even one fits.</param>
/// <param name="Refusal">What generating would throw; null where the request fits.</param>
public sealed record MemoryFit(int Together, HarnessException? Refusal)
{
    /// <summary>Whether at least one sample at a time can be drawn.</summary>
    public bool Fits => Refusal is null;

    internal static MemoryFit None(HarnessException refusal) => new(0, refusal);
}
