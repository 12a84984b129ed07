using System.Globalization;
using Harness.Experiments;
using Harness.Identity;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;

namespace Harness.Commands;

/// <summary>What a run of recorded pools would do: read their files, which is done here to see that they are whole.</summary>
static class RecordedPlan
{
    public static void Show(ResolvedExperiment experiment, bool json)
    {
        string? stale = Staleness.Of(experiment);
        SampleFiles files = ReplayedPool.Read(experiment);
        if (json)
        {
            Console.WriteLine(JsonStyle.Write(new
            {
                Experiment = experiment.Manifest.Name,
                Stale = stale,
                Samples = files.Samples.Count,
                Pools = experiment.Manifest.Pools.Select(
                    pool => new { pool.Name, Recorded = pool.Recording!.Name, pool.Problems, pool.Samples }),
            }));
            return;
        }
        string state = stale is null ? "up to date; made again it would replay" : $"stale ({stale}); it would replay";
        string samples = files.Samples.Count.ToString("#,0", CultureInfo.InvariantCulture);
        Console.WriteLine($"{experiment.Manifest.Name}: {state} {samples} samples:");
        foreach (PoolManifest pool in experiment.Manifest.Pools)
            Console.WriteLine($"{pool.Name}: {pool.Problems} problems of {pool.Recording!.Name}, {pool.Samples} samples each");
        Console.WriteLine("nothing is generated: no model, operations, time or memory to plan for");
    }
}
