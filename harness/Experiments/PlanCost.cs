using System.Diagnostics;
using Harness.Engines;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Manifests;
using Harness.Pools;

namespace Harness.Experiments;

/// <summary>How long a plan takes here, by a trial of its own prompts.</summary>
/// <param name="Seconds">Upper bound: no sample stops early.</param>
/// <param name="Batch">Samples that are decoded together.</param>
/// <param name="MemoryBytes">Weights, and keys and values of a full batch of the longest samples.</param>
public sealed record PlanCost(double TokensPerSecond, double Seconds, long Batch, double MemoryBytes)
{
    const int TrialTokens = 8;
    const int TrialSamples = 64;

    /// <summary>Generates a few tokens of one prompt's samples, twice, and takes the second time.</summary>
    public static PlanCost Estimate(ExperimentPlan plan, Checkpoint model, CancellationToken cancellation)
    {
        PlannedPool pool = plan.Pools.MaxBy(candidate => candidate.Samples * candidate.Decoding.MaxTokens)!;
        Manifest manifest = plan.Experiment.Manifest;
        using IModelGenerator generator = manifest.Engine.CreateGenerator(model, manifest.Precision, manifest.Placement);
        GenerationRequest request = new() { Problem = 0, Prompt = pool.Prompts[0].Tokens, Samples = [.. Enumerable.Range(0, TrialSamples)] };
        DecodingSettings settings = pool.Decoding with { MaxTokens = Math.Min(TrialTokens, pool.Decoding.MaxTokens), StopTokens = [], StopStrings = [] };
        double seconds = 0;
        for (int trial = 0; trial < 2; trial++)
        {
            long started = Stopwatch.GetTimestamp();
            generator.Generate([request], settings, _ => { }, cancellation);
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        double rate = TrialSamples * settings.MaxTokens / seconds;
        long batch = Math.Min(generator.Batch, plan.Samples);
        return new PlanCost(rate, plan.Tokens / rate, batch, plan.WeightBytes + batch * plan.SampleBytes);
    }
}
