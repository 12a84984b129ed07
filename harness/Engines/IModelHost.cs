using Harness.Kernels.Decoding;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Kernels.Models.Checkpoints;

namespace Harness.Engines;

/// <summary>What an experiment needs of the kernels: models opened and run on this machine.</summary>
public interface IModelHost
{
    /// <param name="location">A GGUF file, a Hugging Face folder, or synthetic:...</param>
    Checkpoint Open(string location);

    /// <summary>Loads the weights. The checkpoint must outlive the generator.</summary>
    IModelGenerator CreateGenerator(Checkpoint checkpoint, Precision precision, Placement placement);

    /// <summary>
    /// Logits [vocabulary] of the token that follows <paramref name="tokens"/>, computed in the precision's own arithmetic.
    /// </summary>
    float[] NextLogits(Checkpoint checkpoint, Precision precision, Placement placement, IReadOnlyList<int> tokens);

    /// <summary>Operations a second that a peak kernel of this precision reaches here and now; null where none is known.</summary>
    double? MeasureCeiling(Precision precision, Placement placement);

    /// <summary>A meter of the energy that the placement's device uses, or null where nothing counts it.</summary>
    IEnergyMeter? OpenEnergyMeter(Placement placement);

    /// <summary>What the placement comes to on this machine, for its records.</summary>
    MachineFacts Describe(Precision precision, Placement placement);
}

/// <summary>Draws samples from a model that it has loaded.</summary>
public interface IModelGenerator : IGenerator
{
    /// <summary>Most samples that it decodes together.</summary>
    int Batch { get; }
}

/// <summary>The machine as its records name it.</summary>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Name">Processor or GPU model, count and instruction set, such as amd-epyc-x2-avx512: the name of its folder under machines/.</param>
public sealed record MachineFacts(string Device, string Name, string Isa, int Threads);
