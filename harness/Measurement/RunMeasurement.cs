using System.Diagnostics;
using Harness.Diagnostics;
using Harness.Engines;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Manifests;
using Harness.Records;

namespace Harness.Measurement;

/// <summary>How much time a run may spend on measuring this machine, and on what.</summary>
/// <param name="prompt">Token ids of one prompt of the experiment.</param>
public sealed class RunMeasurement(Manifest manifest, IReadOnlyList<int> prompt, TimeProvider? clock = null)
{
    const int Tokens = 16;
    static readonly TimeSpan Recording = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Measures within half a second and a half per cent of the run's own time, with the weights that the run has loaded; a run that
    /// loaded none measures nothing. With Record it measures for a minute, at every batch size.
    /// </summary>
    /// <exception cref="HarnessException">
    /// <see cref="Codes.UnsteadyMeasurement"/>: with Record, what was measured is too uneven to be kept.
    /// </exception>
    /// <param name="loaded">The run's generator, or null where all its samples were kept from before. It is disposed.</param>
    public IReadOnlyList<ThroughputRow> Measure(
        IEngineModel model, IModelGenerator? loaded, TimeSpan generating, CancellationToken cancellation)
    {
        if (manifest.Record)
        {
            // Two sets of weights may not fit this machine's memory.
            loaded?.Dispose();
            int batch = ThroughputSweep.LargestBatch(manifest.Engine.Describe(manifest.Precision, manifest.Placement));
            using IModelGenerator wide =
                model.CreateGenerator(manifest.Precision, manifest.Placement with { Batch = batch });
            IReadOnlyList<ThroughputRow> rows = Sweep(model, wide, Recording, cancellation);
            SteadyMeasurement.Require(rows);
            return rows;
        }
        using (loaded)
        {
            TimeSpan budget = TimeSpan.FromSeconds(Math.Min(0.5 + 0.005 * generating.TotalSeconds, Recording.TotalSeconds));
            return loaded is null ? [] : Sweep(model, loaded, budget, cancellation);
        }
    }

    IReadOnlyList<ThroughputRow> Sweep(IEngineModel model, IModelGenerator generator, TimeSpan budget, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        double? ceiling = manifest.Engine.MeasureCeiling(manifest.Precision, manifest.Placement);
        int tokens = Math.Min(Tokens, (model.ContextLength ?? int.MaxValue) - prompt.Count);
        using IEnergyMeter? energy = manifest.Engine.OpenEnergyMeter(manifest.Placement);
        MachineFacts machine = manifest.Engine.Describe(manifest.Precision, manifest.Placement);
        ThroughputSweep sweep = new(model.Shape, manifest.Precision, machine, ceiling, generator, energy, clock);
        TimeSpan left = budget - Stopwatch.GetElapsedTime(started);
        return sweep.Measure(prompt, tokens, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
    }
}
