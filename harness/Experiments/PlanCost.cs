using Harness.Engines;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>What a plan takes here: each pool by a trial of its own prompts, with the lengths that earlier samples had.</summary>
/// <param name="Pools">In the manifest's order.</param>
/// <param name="LoadSeconds">Of loading the weights.</param>
/// <param name="Batch">Samples that are decoded together.</param>
/// <param name="MemoryBytes">Weights, and keys and values of a full batch of the longest samples; null where the shape is unknown.</param>
public sealed record PlanCost(IReadOnlyList<PoolCost> Pools, double LoadSeconds, long Batch, double? MemoryBytes)
{
    public double Tokens => Pools.Sum(pool => pool.Tokens);

    /// <summary>Of generating everything.</summary>
    public double Seconds => LoadSeconds + Pools.Sum(pool => pool.Seconds);

    public long Kept => Pools.Sum(pool => pool.Kept);

    public long SamplesLeft => Pools.Sum(pool => pool.SamplesLeft);

    public double TokensLeft => Pools.Sum(pool => pool.TokensLeft);

    /// <summary>Of generating what no earlier run has finished.</summary>
    public double SecondsLeft => SamplesLeft == 0 ? 0 : LoadSeconds + Pools.Sum(pool => pool.SecondsLeft);

    /// <summary>Whether tokens and time are upper bounds: of some pool nothing tells how long its samples are.</summary>
    public bool IsUpperBound => Pools.Any(pool => pool.Length.Source == LengthSource.MaxTokens);

    public static PlanCost Estimate(ExperimentPlan plan, IEngineModel model, CancellationToken cancellation,
        TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        Manifest manifest = plan.Experiment.Manifest;
        long started = clock.GetTimestamp();
        using IModelGenerator generator = model.CreateGenerator(manifest.Precision, manifest.Placement);
        double loading = clock.GetElapsedTime(started).TotalSeconds;
        PlanTrial trial = new(generator, clock);
        ILookup<string, SampleRow> committed = ExpectedLength.CommittedSamples(plan.Experiment.Paths.Project);
        PoolCost[] pools = [.. plan.Pools.Select(pool => CostOf(
            pool, [.. KeptSamples.OfAllRuns(plan.Experiment.Paths, pool).Select(sample => sample.Generation.Tokens.Length)],
            [.. committed[pool.Manifest.Name]], trial, cancellation))];
        long batch = Math.Min(generator.Batch, plan.Samples);
        return new PlanCost(pools, loading, batch, plan.WeightBytes + batch * plan.SampleBytes);
    }

    /// <param name="kept">Tokens of each sample that a run would find.</param>
    static PoolCost CostOf(PlannedPool pool, int[] kept, SampleRow[] committed, PlanTrial trial, CancellationToken cancellation)
    {
        ExpectedLength length = ExpectedLength.Of(pool, kept, committed);
        return new PoolCost(
            pool.Manifest.Name, pool.Prompts.Count, pool.Samples, kept.Length, pool.Prompts.Sum(prompt => (long)prompt.Tokens.Length),
            pool.Prompts.Max(prompt => prompt.Tokens.Length), pool.Decoding.MaxTokens, length, trial.Measure(pool, length, cancellation));
    }
}
