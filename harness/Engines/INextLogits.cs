using Harness.Kernels.Configuration;

namespace Harness.Engines;

/// <summary>A model that says what it expects next.</summary>
public interface INextLogits
{
    /// <summary>
    /// Logits [vocabulary] of the token that follows <paramref name="tokens"/>, computed in the precision's own arithmetic.
    /// </summary>
    float[] NextLogits(Precision precision, Placement placement, IReadOnlyList<int> tokens);
}
