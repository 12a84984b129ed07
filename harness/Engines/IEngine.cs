using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Numerics;

namespace Harness.Engines;

/// <summary>What answers prompts: it opens models and runs them on this machine.</summary>
public interface IEngine
{
    /// <summary>The manifest's name for it, such as kernels.</summary>
    string Name { get; }

    /// <summary>One line for `harness list engines`.</summary>
    string Summary { get; }

    /// <summary>Whether its tokens in this precision are the same on every machine, so that they may be committed.</summary>
    bool IsExact(Precision precision);

    /// <summary>Whether a manifest's Model is a name that the engine knows, and no path: nothing is looked for on the disk.</summary>
    bool KnowsByName(string model);

    /// <summary>Refuses a name that it knows by its form and that says nothing, before anything is opened.</summary>
    /// <exception cref="HarnessException">Without a place, which the caller knows.</exception>
    void RequireName(string model)
    {
    }

    /// <param name="location">A name that it knows, or the absolute path of what was found.</param>
    IEngineModel Open(string location);

    /// <summary>
    /// How several of its models share this machine in one experiment: the placement of each, with its part of the memory, in their order.
    /// </summary>
    /// <exception cref="HarnessException">They do not fit together.</exception>
    IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(IEngineModel Model, Precision Precision)> models);

    /// <summary>Operations a second that a peak kernel of this precision reaches here and now; null where none is known.</summary>
    double? MeasureCeiling(Precision precision, Placement placement);

    /// <summary>A meter of the energy that the placement's device uses; null where this machine has none.</summary>
    IEnergyMeter? OpenEnergyMeter(Placement placement);

    /// <summary>
    /// Whether what the engine computes with gives the bits of today's numerics version, unit by unit; null where it has no such units.
    /// </summary>
    NumericsCheck? CheckNumerics(Placement placement) => null;

    /// <summary>The device, instruction set and threads that the placement means on this machine, for its records.</summary>
    MachineFacts Describe(Precision precision, Placement placement);
}
