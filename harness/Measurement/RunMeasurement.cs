using System.Diagnostics;
using Harness.Engines;
using Harness.Experiments;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Driver;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;

namespace Harness.Measurement;

/// <summary>How much time a run may spend on measuring this machine, and on what.</summary>
public sealed class RunMeasurement(ExperimentPlan plan)
{
    const int Tokens = 16;
    static readonly TimeSpan Recording = TimeSpan.FromSeconds(60);

    readonly Manifest manifest = plan.Experiment.Manifest;
    readonly IEngine engine = plan.Experiment.Manifest.Engine;

    /// <summary>
    /// Measures within half a second and a half per cent of the run's own time, with the weights that the run has loaded; a run that
    /// loaded none measures nothing. With Record: a minute, at every batch size.
    /// </summary>
    /// <param name="loaded">The run's generator, or null where all its samples were kept from before. It is disposed.</param>
    public IReadOnlyList<ThroughputRow> Measure(Checkpoint model, IModelGenerator? loaded, TimeSpan generating, CancellationToken cancellation)
    {
        if (manifest.Record)
        {
            // Two sets of weights may not fit this machine's memory.
            loaded?.Dispose();
            using IModelGenerator wide = engine.CreateGenerator(model, manifest.Precision, manifest.Placement with { Batch = ThroughputSweep.LargestBatch(engine.Describe(manifest.Precision, manifest.Placement)) });
            return Sweep(model, wide, Recording, cancellation);
        }
        using (loaded)
        {
            TimeSpan budget = TimeSpan.FromSeconds(Math.Min(0.5 + 0.005 * generating.TotalSeconds, Recording.TotalSeconds));
            return loaded is null ? [] : Sweep(model, loaded, budget, cancellation);
        }
    }

    IReadOnlyList<ThroughputRow> Sweep(Checkpoint model, IModelGenerator generator, TimeSpan budget, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        double? ceiling = engine.MeasureCeiling(manifest.Precision, manifest.Placement);
        PlannedPrompt prompt = plan.Pools[0].Prompts[0];
        int tokens = Math.Min(Tokens, model.Config.ContextLength - prompt.Tokens.Length);
        using IEnergyMeter? energy = engine.OpenEnergyMeter(manifest.Placement);
        ThroughputSweep sweep = new(model.Config, manifest.Precision, engine.Describe(manifest.Precision, manifest.Placement), ceiling, generator, energy);
        TimeSpan left = budget - Stopwatch.GetElapsedTime(started);
        return sweep.Measure(prompt.Tokens, tokens, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
    }
}
