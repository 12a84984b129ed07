using Harness.Experiments.Pools;
using Harness.Kernels.Models.Checkpoints;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>How much time a run may spend on measuring this machine, and on what.</summary>
public sealed class RunMeasurement(ExperimentPlan plan, IModelHost models)
{
    const int Tokens = 16;
    static readonly TimeSpan Recording = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A run that generated measures for one second and a hundredth of its own time; with Record, a minute, generated or not; else none.
    /// </summary>
    public IReadOnlyList<ThroughputRow> Measure(Checkpoint model, TimeSpan generating, CancellationToken cancellation)
    {
        Manifest manifest = plan.Experiment.Manifest;
        if (generating == TimeSpan.Zero && !manifest.Record)
            return [];
        TimeSpan budget = manifest.Record ? Recording : TimeSpan.FromSeconds(Math.Min(1 + 0.01 * generating.TotalSeconds, Recording.TotalSeconds));
        double? ceiling = models.MeasureCeiling(manifest.Precision, manifest.Placement);
        PlannedPrompt prompt = plan.Pools[0].Prompts[0];
        int tokens = Math.Min(Tokens, model.Config.ContextLength - prompt.Tokens.Length);
        ThroughputSweep sweep = new(model.Config, manifest.Precision, models.Describe(manifest.Precision, manifest.Placement), ceiling,
            batch => models.CreateGenerator(model, manifest.Precision, manifest.Placement with { Batch = batch }));
        return sweep.Measure(prompt.Tokens, tokens, budget, cancellation);
    }
}
