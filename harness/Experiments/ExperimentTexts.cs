using Harness.Diagnostics;
using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>
/// The texts of an experiment's samples: those of recorded pools from their files; else those that runs have kept in artifacts/, and what
/// they lack drawn again, once: it is kept there too.
/// </summary>
public sealed class ExperimentTexts(ResolvedExperiment experiment, RunConsole console)
{
    readonly string name = experiment.Manifest.Name;

    /// <summary>Of the pools that are the same here as in some results, in the manifest's order.</summary>
    /// <param name="keys">Of those results' pools, by name, as run.json has them.</param>
    /// <param name="draws">Whether the model may be asked again.</param>
    /// <exception cref="HarnessException">The model or data is not on this machine; <see cref="Codes.NotWritable"/>;
    /// <see cref="Codes.Cancelled"/>, and what was drawn is kept.</exception>
    public IReadOnlyList<PoolTexts> Read(IReadOnlyDictionary<string, string> keys, bool draws, CancellationToken cancellation)
    {
        Manifest manifest = experiment.Manifest;
        bool[] isSame = [.. manifest.Pools.Select(pool =>
            keys.GetValueOrDefault(pool.Name) == ExperimentKey.OfPool(manifest, pool, experiment.Inputs))];
        if (manifest.IsRecorded)
            return [.. Enumerable.Range(0, isSame.Length).Where(index => isSame[index]).Select(Recorded)];
        using IEngineModel model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
        ExperimentPlan plan = ExperimentPlan.Create(experiment, model);
        PlannedPool[] pools = [.. plan.Pools.Where((_, index) => isSame[index])];
        LoggedGeneration[][] kept = [.. pools.Select(pool => KeptSamples.OfAllRuns(experiment.Paths, pool).ToArray())];
        bool isWhole = pools.Zip(kept).All(pool => pool.Second.Length == pool.First.Samples);
        if (draws && !isWhole)
            kept = Draw(pools, model, cancellation);
        return [.. pools.Zip(kept, TextsOf)];
    }

    PoolTexts Recorded(int index)
    {
        ReplayedSample[] samples = [.. new ReplayedPool(experiment, index).Samples];
        return new PoolTexts(
            experiment.Manifest.Pools[index].Name,
            [.. samples.DistinctBy(sample => sample.Row.Problem).OrderBy(sample => sample.Row.Problem)
                .Select(sample => new ProblemText(sample.Problem.Question, ""))],
            samples.Where(sample => sample.Text is not null).ToDictionary(
                sample => (sample.Row.Problem, sample.Row.Sample), sample => new SampleText(sample.Row.TokensHash, sample.Text!)));
    }

    static PoolTexts TextsOf(PlannedPool pool, LoggedGeneration[] kept) => new(
        pool.Manifest.Name,
        [.. pool.Prompts.Select(prompt => new ProblemText(prompt.Problem.Question, prompt.Text))],
        kept.ToDictionary(
            sample => (sample.Generation.Problem, sample.Generation.Sample),
            sample => new SampleText(Hashes.OfTokens(sample.Generation.Tokens), pool.TextOf(sample.Generation))));

    LoggedGeneration[][] Draw(PlannedPool[] pools, IEngineModel model, CancellationToken cancellation)
    {
        using RunLock alone = RunLock.Take(experiment.Paths.Artifacts);
        IModelGenerator? generator = null;
        GenerationLog[] logs = [.. pools.Select(Open)];
        RunProgress progress = new(pools.Zip(logs, (pool, log) => (pool, log.Recovered.AsEnumerable())));
        console.Line($"{name}: {progress.Total - progress.Resumed} texts are not kept here; their samples are drawn again, once");
        try
        {
            using IDisposable _ = console.Follow(() => progress.Line().ToText());
            return [.. pools.Zip(logs).Select((pool, index) =>
            {
                progress.Begin(index);
                return PoolGeneration.Complete(pool.First, pool.Second, Loaded, progress.Add, cancellation).ToArray();
            })];
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Codes.Cancelled.With($"drawing the samples of {name} again was interrupted; {progress.Kept} of {progress.Total} are "
                + "kept: run the same command again to go on");
        }
        finally
        {
            generator?.Dispose();
            foreach (GenerationLog log in logs)
                log.Dispose();
        }

        IModelGenerator Loaded() =>
            generator ??= model.CreateGenerator(experiment.Manifest.Precision, experiment.Manifest.Placement);
    }

    GenerationLog Open(PlannedPool pool)
    {
        GenerationLog log = GenerationLog.Open(Path.Combine(experiment.Paths.Artifacts, pool.LogName), pool.Key);
        log.Adopt(KeptSamples.Of(experiment.Paths, pool));
        return log;
    }
}
