using Harness.Kernels.Decoding;

namespace Harness.Engines;

/// <summary>Draws samples from a model that it has loaded.</summary>
public interface IModelGenerator : IGenerator
{
    /// <summary>Most samples that it decodes together.</summary>
    int Batch { get; }

    /// <summary>
    /// Whether it goes on from any tokens, with draws named by (seed, problem, sample, position in prompt and answer): what is drawn in
    /// pieces is then the same as what is drawn at once.
    /// </summary>
    bool ExtendsPaths { get; }

    /// <summary>Whether there is room for a request, answered without generating.</summary>
    MemoryFit Fits(RequestShape shape);
}
