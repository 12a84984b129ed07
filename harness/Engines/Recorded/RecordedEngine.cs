using Harness.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Harness.Engines.Recorded;

/// <summary>
/// Replays samples that another program drew: it reads the files that pools name with Recorded, and answers no prompt. What it gives is
/// the file's content, so that it is the same on every machine.
/// </summary>
public sealed class RecordedEngine : IEngine
{
    public string Name => "recorded";

    public string Summary => "samples that another program drew, replayed from the files that pools name with Recorded; it needs no model";

    public bool IsExact(Precision precision) => true;

    public bool KnowsByName(string model) => false;

    public IEngineModel Open(string location) => throw Unable("it opens no model");

    public IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(IEngineModel Model, Precision Precision)> models) =>
        throw Unable("it has no models");

    public double? MeasureCeiling(Precision precision, Placement placement) => null;

    public IEnergyMeter? OpenEnergyMeter(Placement placement) => null;

    public MachineFacts Describe(Precision precision, Placement placement) => throw Unable("nothing is computed, on no machine");

    HarnessException Unable(string why) =>
        Codes.EngineUnable.With($"engine '{Name}' replays recorded samples: {why}, and there is nothing to generate or to measure");
}
