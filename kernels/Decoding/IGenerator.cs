using Harness.Kernels.Configuration;

namespace Harness.Kernels.Decoding;

/// <summary>Draws samples from a model.</summary>
public interface IGenerator : IDisposable
{
    /// <summary>
    /// Generates every sample of every request and calls <paramref name="finished"/> for each as it ends, from one thread at a time, in
    /// no promised order.
    /// </summary>
    void Generate(
        IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation);
}
