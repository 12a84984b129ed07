using Harness.Identity;
using Harness.Kernels.Decoding;
using Harness.Records;

namespace Harness.Pools;

/// <summary>
/// Samples of a pool that other runs of the experiment have left in artifacts/: an overridden run, which has a folder and logs of its own,
/// need not draw again what the plain one, or one with other overrides, has drawn under the same key. Their logs are only read.
/// </summary>
public static class KeptSamples
{
    /// <summary>All samples of the pool that a run would find now, each once: those of its own log, then those of other runs.</summary>
    public static IEnumerable<LoggedGeneration> OfAllRuns(ExperimentPaths paths, PlannedPool pool) =>
        GenerationLog.Read(Path.Combine(paths.Artifacts, pool.LogName), pool.Key).Where(sample => IsOf(pool, sample.Generation))
            .Concat(Of(paths, pool)).DistinctBy(sample => (sample.Generation.Problem, sample.Generation.Sample));

    /// <summary>Those that the pool has, from the plain run's log first; none for a run without overrides.</summary>
    public static IEnumerable<LoggedGeneration> Of(ExperimentPaths paths, PlannedPool pool) => paths.AllArtifacts is not { } all
        || !Directory.Exists(all)
        ? []
        : Directory.EnumerateDirectories(all).Order(StringComparer.Ordinal).Where(folder => folder != paths.Artifacts).Prepend(all)
            .SelectMany(folder => GenerationLog.Read(Path.Combine(folder, pool.LogName), pool.Key))
            .Where(sample => IsOf(pool, sample.Generation));

    /// <summary>Of some rows of samples.csv those whose tokens a log still holds, as their hashes tell.</summary>
    /// <param name="log">It may not exist.</param>
    public static IEnumerable<LoggedGeneration> OfRows(string log, IEnumerable<SampleRow> rows)
    {
        Dictionary<(int, int), string> hashes = rows.Where(row => row.TokensHash.Length > 0)
            .ToDictionary(row => (row.Problem, row.Sample), row => row.TokensHash);
        return GenerationLog.Read(log).Where(logged =>
            hashes.TryGetValue((logged.Generation.Problem, logged.Generation.Sample), out string? hash)
            && hash == Hashes.OfTokens(logged.Generation.Tokens));
    }

    static bool IsOf(PlannedPool pool, Generation sample) => sample.Problem < pool.Prompts.Count && sample.Sample < pool.Manifest.Samples;
}
