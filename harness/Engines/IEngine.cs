using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Harness.Engines;

/// <summary>What answers prompts: it opens models and runs them on this machine.</summary>
public interface IEngine
{
    /// <summary>The manifest's name for it, such as kernels.</summary>
    string Name { get; }

    /// <summary>Whether its tokens in this precision are the same on every machine, so that they may be committed.</summary>
    bool IsExact(Precision precision);

    /// <param name="location">A GGUF file, a Hugging Face folder, or synthetic:...</param>
    Checkpoint Open(string location);

    /// <summary>Loads the weights. The checkpoint must outlive the generator.</summary>
    IModelGenerator CreateGenerator(Checkpoint checkpoint, Precision precision, Placement placement);

    /// <summary>
    /// How several models of one experiment share this machine: the placement of each, with its part of the memory, in their order.
    /// </summary>
    /// <exception cref="HarnessException">They do not fit together.</exception>
    IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(ModelConfig Config, Precision Precision)> models);

    /// <summary>
    /// Logits [vocabulary] of the token that follows <paramref name="tokens"/>, computed in the precision's own arithmetic.
    /// </summary>
    float[] NextLogits(Checkpoint checkpoint, Precision precision, Placement placement, IReadOnlyList<int> tokens);

    /// <summary>Operations a second that a peak kernel of this precision reaches here and now; null where none is known.</summary>
    double? MeasureCeiling(Precision precision, Placement placement);

    /// <summary>A meter of the energy that the placement's device uses; null where this machine has none.</summary>
    IEnergyMeter? OpenEnergyMeter(Placement placement);

    /// <summary>The device, instruction set and threads that the placement means on this machine, for its records.</summary>
    MachineFacts Describe(Precision precision, Placement placement);
}
