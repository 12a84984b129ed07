using Harness.Identity;

namespace Harness.Pools;

/// <summary>
/// Samples of a pool that other runs of the experiment have left in artifacts/: an overridden run, which has a folder and logs of its own,
/// need not draw again what the plain one, or one with other overrides, has drawn under the same key. Their logs are only read.
/// </summary>
public static class KeptSamples
{
    /// <summary>Those that the pool has, from the plain run's log first; none for a run without overrides.</summary>
    public static IEnumerable<LoggedGeneration> Of(ExperimentPaths paths, PlannedPool pool) => paths.AllArtifacts is not { } all
        || !Directory.Exists(all)
        ? []
        : Directory.EnumerateDirectories(all).Order(StringComparer.Ordinal).Where(folder => folder != paths.Artifacts).Prepend(all)
            .SelectMany(folder => GenerationLog.Read(Path.Combine(folder, pool.LogName), pool.Key))
            .Where(sample => sample.Generation.Problem < pool.Prompts.Count && sample.Generation.Sample < pool.Manifest.Samples);
}
