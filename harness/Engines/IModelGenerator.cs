using Harness.Kernels.Decoding;

namespace Harness.Engines;

/// <summary>Draws samples from a model that it has loaded.</summary>
public interface IModelGenerator : IGenerator
{
    /// <summary>Most samples that it decodes together.</summary>
    int Batch { get; }

    /// <summary>Whether there is room for a request, answered without generating.</summary>
    MemoryFit Fits(RequestShape shape);
}
