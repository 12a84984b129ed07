using System.Diagnostics;
using Harness.Diagnostics;
using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Measurement;
using Harness.Pools;
using Harness.Records;
using Harness.Reports;
using Harness.Results;
using Harness.Training;

namespace Harness.Experiments;

/// <param name="Rebuild">Generate here and now, whatever is committed or was finished before.</param>
/// <param name="Clock">Of what this machine is measured by; the system's by default.</param>
public sealed record RunOptions(bool Rebuild = false, TimeProvider? Clock = null);

/// <summary>
/// The main flow: manifest, plan, pools, estimates, figures, records. Each stage reads only what the one before it gave.
/// </summary>
public sealed class ExperimentRun(ResolvedExperiment experiment, RunConsole console, RunOptions options)
{
    readonly Manifest manifest = experiment.Manifest;
    readonly IEngine engine = experiment.Manifest.Engine;
    readonly ExperimentPaths paths = experiment.Paths;
    readonly SortedDictionary<string, double> seconds = new(StringComparer.Ordinal);
    IModelGenerator? generator;
    MachineFacts? machine;
    RunProgress? progress;
    int? replayed;

    string Making => manifest.IsRecorded ? "replayed" : "generated";

    string RebuildMark => Path.Combine(paths.Artifacts, "rebuilding");

    /// <summary>Runs what is stale. Returns whether anything was.</summary>
    /// <exception cref="HarnessException">Whatever its user can mend; finished samples are kept, committed files are whole.</exception>
    public bool Execute(CancellationToken cancellation)
    {
        StaleParts? stale = options.Rebuild
            ? new StaleParts(manifest.Pools.Select(pool => pool.Name).ToHashSet(), "a rebuild was asked for")
            : Staleness.Find(experiment);
        bool record = manifest.Record && manifest.AsksModel && !manifest.IsTraining;
        if (manifest.Record && !record)
            console.Line($"{manifest.Name}: no throughput to record: "
                + (manifest.IsTraining ? "it makes models and has no pool" : "its pools are recorded, and nothing is generated"));
        if (stale is null && !record && !manifest.Redraw)
        {
            console.Line($"{manifest.Name} is up to "
                + $"date{(experiment.Absence is { } absence ? $"; nothing could be {Making} here: {absence}" : "")}");
            return false;
        }
        using RunLock alone = RunLock.Take(paths.Artifacts);
        Storage.RequireWritable(paths.Results);
        console.LogTo(Path.Combine(paths.Artifacts, "run.log"));
        if (manifest.IsTraining)
            Train(stale, cancellation);
        else if ((stale is null || stale.Pools.Count == 0) && !record && CommittedSamples() is { } committed)
            Analyse(committed, stale?.Reason);
        else if (manifest.IsRecorded)
            Replay(stale?.Reason);
        else
            Generate(stale?.Pools ?? new HashSet<string>(), cancellation);
        if (manifest.Redraw)
            MachineRecords.Redraw(paths.Results);
        return true;
    }

    /// <summary>Makes everything that is a function of the committed samples again, without opening model or data.</summary>
    void Analyse(SampleFiles committed, string? reason)
    {
        console.Line($"{manifest.Name}: no samples to generate{(reason is null ? "" : $": {reason}")}");
        seconds["generate"] = 0;
        ModelRecord model = ModelRecord.Read(RunJson.Read(paths.RunJson), paths.RunJson);
        ExactFiles results = Timed("estimate", () => ExactFiles.Derive(experiment, model, committed, paths.Results, manifest.Redraw));
        Commit(results);
        Report(results);
    }

    /// <summary>Reads recorded pools from their files again.</summary>
    void Replay(string? reason)
    {
        SampleFiles samples = Timed("generate", () => ReplayedPool.Read(experiment));
        replayed = samples.Samples.Count;
        console.Line($"{manifest.Name}: {replayed} recorded samples replayed{(reason is null ? "" : $": {reason}")}");
        ExactFiles results = Timed(
            "estimate", () => ExactFiles.Derive(experiment, ModelRecord.None, samples, paths.Results, manifest.Redraw));
        Commit(results);
        Report(results);
    }

    /// <summary>Makes the models; where only what is shown of them is stale, from their committed files.</summary>
    void Train(StaleParts? stale, CancellationToken cancellation)
    {
        ExperimentTraining training = new(experiment, console);
        BeginRebuild(training.Forget);
        bool trains = stale is { OnlyShown: false };
        if (!trains)
            console.Line($"{manifest.Name}: no model to train{(stale is null ? "" : $": {stale.Reason}")}");
        MadeModels models = Timed("train", () => trains ? training.Run(cancellation, reuses: !options.Rebuild) : training.Committed());
        ExactFiles results = Timed("estimate", () => ExactFiles.Derive(experiment, models, paths.Results, manifest.Redraw));
        Commit(results);
        foreach (string line in TerminalReport.Summary(results.Report))
            console.Line(line);
        SayPlots(results);
        console.Line($"results: {paths.Results} (trained in {ProgressLine.Duration(TimeSpan.FromSeconds(seconds["train"]))})");
    }

    void Generate(IReadOnlySet<string> stale, CancellationToken cancellation)
    {
        using IEngineModel model = Timed("load", () => engine.Open(experiment.Model.Opens));
        using PoolJudges judges = new(experiment, model);
        ExperimentPlan plan = Timed("plan", () => ExperimentPlan.Create(experiment, model, judges.Shapes));
        machine = engine.Describe(manifest.Precision, manifest.Placement);
        try
        {
            SampleFiles samples = Timed("generate", () => Complete(plan, stale, model, judges, cancellation));
            ExactFiles results = Timed(
                "estimate", () => ExactFiles.Derive(experiment, plan.Model, samples, paths.Results, manifest.Redraw));
            Commit(results);
            Report(results);
            Measure(plan, results, model, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Codes.Cancelled.With($"{manifest.Name} was interrupted; {progress?.Kept ?? 0} of {plan.Samples} samples are kept: "
                + "run the same command again to go on");
        }
        finally
        {
            generator?.Dispose();
        }
    }

    /// <summary>Null where they lack a verifier's rewards, for which texts are needed.</summary>
    SampleFiles? CommittedSamples()
    {
        SampleFiles files = SampleFiles.Read(paths.Results);
        HashSet<(string, string)> rewarded = [.. KnownRewards(files).Select(row => (row.Pool, row.Verifier))];
        return manifest.Pools.All(pool => JudgesOf(pool).All(verifier => rewarded.Contains((pool.Name, verifier)))) ? files : null;
    }

    /// <summary>Names of what judges a pool, as rewards.csv has them.</summary>
    IEnumerable<string> JudgesOf(PoolManifest pool) =>
    [
        .. manifest.TextVerifiersOf(pool).Select(verifier => verifier.Name),
        .. manifest.RewardModelsOf(pool).Select(model => model.Folder),
    ];

    /// <summary>Without those of reward models that have changed since.</summary>
    IEnumerable<RewardRow> KnownRewards(SampleFiles committed)
    {
        IReadOnlyDictionary<string, string> hashes = RunJson.ReferencedModelsOf(RunJson.Read(paths.RunJson));
        string[] changed =
        [
            .. manifest.RewardModels.Where(model => hashes.GetValueOrDefault(model.Path) != experiment.Inputs.Models[model.Path])
                .Select(model => model.Folder),
        ];
        return committed.Rewards.Where(row => !changed.Contains(row.Verifier));
    }

    /// <summary>All samples: those of pools that are not stale as they are committed, the others from the logs and newly drawn.</summary>
    SampleFiles Complete(
        ExperimentPlan plan, IReadOnlySet<string> stale, IEngineModel model, PoolJudges judges, CancellationToken cancellation)
    {
        SampleFiles? committed = stale.Count < plan.Pools.Count ? SampleFiles.Read(paths.Results) : null;
        RewardRow[] known = committed is null ? [] : [.. KnownRewards(committed)];
        PlannedPool[] drawn =
            [.. plan.Pools.Where(pool => committed is null || stale.Contains(pool.Manifest.Name) || LacksRewards(pool, known))];
        Dictionary<PlannedPool, IReadOnlyList<LoggedGeneration>> generated = drawn.Length == 0 ? []
            : Draw(plan, drawn, model, cancellation);
        List<SampleRow> samples = [];
        List<ProblemRow> problems = [];
        List<RewardRow> rewards = [];
        foreach (PlannedPool pool in plan.Pools)
        {
            problems.AddRange(PoolGeneration.Problems(pool));
            if (generated.TryGetValue(pool, out IReadOnlyList<LoggedGeneration>? logged))
            {
                samples.AddRange(logged.Select(sample => PoolGeneration.Row(pool, sample)));
                rewards.AddRange(judges.Judge(pool, logged));
                continue;
            }
            samples.AddRange(committed!.Samples.Where(row => row.Pool == pool.Manifest.Name));
            string[] judged = [.. JudgesOf(pool.Manifest)];
            rewards.AddRange(known.Where(row => row.Pool == pool.Manifest.Name && judged.Contains(row.Verifier)));
        }
        return new SampleFiles(samples, problems, rewards);
    }

    bool LacksRewards(PlannedPool pool, RewardRow[] known) =>
        JudgesOf(pool.Manifest).Any(verifier => !known.Any(row => row.Pool == pool.Manifest.Name && row.Verifier == verifier));

    Dictionary<PlannedPool, IReadOnlyList<LoggedGeneration>> Draw(
        ExperimentPlan plan, PlannedPool[] pools, IEngineModel model, CancellationToken cancellation)
    {
        BeginRebuild(() =>
        {
            RequirePlacement(plan, model);
            foreach (PlannedPool pool in plan.Pools)
                Storage.Writing(LogOf(pool), () => File.Delete(LogOf(pool)));
        });
        GenerationLog[] logs = [.. pools.Select(OpenLog)];
        try
        {
            progress = new RunProgress(pools.Zip(logs, (pool, log) => (pool, log.Recovered.AsEnumerable())));
            long resumed = progress.Resumed, wanted = pools.Sum(pool => pool.Samples);
            console.Line($"{manifest.Name}: {wanted - resumed} samples to generate{(resumed > 0 ? $", {resumed} kept from before" : "")}");
            Dictionary<PlannedPool, IReadOnlyList<LoggedGeneration>> samples = [];
            using (IDisposable? _ = wanted == resumed ? null : console.Follow(() => progress.Line().ToText()))
            {
                foreach ((int index, (PlannedPool pool, GenerationLog log)) in pools.Zip(logs).Index())
                {
                    progress.Begin(index);
                    samples.Add(pool, PoolGeneration.Complete(pool, log, () => Loaded(model), progress.Add, cancellation));
                }
            }
            return samples;
        }
        finally
        {
            foreach (GenerationLog log in logs)
                log.Dispose();
        }
    }

    /// <summary>
    /// Forgets what is finished, once: the mark stays until the rebuild has ended, so that one that is interrupted resumes. A program
    /// that has changed meanwhile starts over.
    /// </summary>
    void BeginRebuild(Action forget)
    {
        string program = ProgramIdentity.Current;
        if (!options.Rebuild || (File.Exists(RebuildMark) && File.ReadAllText(RebuildMark) == program))
            return;
        forget();
        Storage.Writing(RebuildMark, () => File.WriteAllText(RebuildMark, program));
    }

    /// <summary>
    /// Loads the weights and asks whether every pool's longest sample fits: what this machine can't hold is refused while
    /// the samples of before are still there.
    /// </summary>
    void RequirePlacement(ExperimentPlan plan, IEngineModel model)
    {
        foreach (PlannedPool pool in plan.Pools)
        {
            int longest = pool.Prompts.Max(prompt => prompt.Tokens.Length);
            if (Loaded(model).Fits(new RequestShape(longest, pool.Decoding.MaxTokens)).Refusal is { } refusal)
                throw refusal;
        }
    }

    IModelGenerator Loaded(IEngineModel model) => generator ??= model.CreateGenerator(manifest.Precision, manifest.Placement);

    void Commit(ExactFiles results)
    {
        IReadOnlyList<string> dropped = DroppedOutputs.Find(paths.Results, [.. results.Files.Select(file => file.Name)]);
        Storage.WriteAll(paths.Results, results.Files);
        DroppedOutputs.Remove(dropped, paths.Results);
        if (results.OtherRenderersPlots.Count > 0)
            Storage.WriteAll(paths.Artifacts, results.OtherRenderersPlots);
        File.Delete(RebuildMark);
    }

    /// <summary>
    /// Results are committed by now: what goes wrong here is said, and fails the run only where its user asked for the record.
    /// </summary>
    void Measure(ExperimentPlan plan, ExactFiles results, IEngineModel model, CancellationToken cancellation)
    {
        IModelGenerator? loaded = generator;
        generator = null;
        try
        {
            TimeSpan generating = TimeSpan.FromSeconds(seconds["generate"]);
            KeepMeasurements(
                Timed(
                    "measure",
                    () =>
                        new RunMeasurement(manifest, plan.Pools[0].Prompts[0].Tokens, options.Clock)
                        .Measure(model, loaded, generating, cancellation)),
                results.Frontier,
                machine!);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            if (manifest.Record)
                throw Codes.Cancelled.With($"measuring was interrupted; the results of {manifest.Name} are written, its record is not");
            console.Line("measuring was interrupted; the results are written");
        }
        catch (Exception failure) when (!manifest.Record)
        {
            console.Line($"this machine was not measured: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    void KeepMeasurements(IReadOnlyList<ThroughputRow> throughput, IReadOnlyList<FrontierRow> frontier, MachineFacts machine)
    {
        (string Name, byte[] Content)[] rates = [.. MachineRecords.Throughput(throughput, machine)];
        (string Name, byte[] Content)[] frontiers = [.. MachineRecords.Frontier(frontier, throughput)];
        byte[] run = MachineRecords.Run(
            machine,
            ExperimentKey.OfManifest(manifest),
            Records.Commit.Describe(paths.Project),
            seconds,
            progress?.Generated ?? 0,
            progress?.GeneratedTokens ?? 0);
        Storage.WriteAll(paths.Artifacts,
            // Beside an overridden run's own frontier.csv.
            [.. rates, .. frontiers.Select(file => ($"machine-{file.Name}", file.Content)), (MachineRecords.LastRun, run)]);
        if (manifest.Record)
            Storage.WriteAll(
                Path.Combine(paths.Results, MachineRecords.Folder, machine.Name),
                [.. rates, .. frontiers, (MachineRecords.FileName, MachineRecords.Machine(machine))]);
    }

    void Report(ExactFiles results)
    {
        foreach (string line in TerminalReport.Summary(results.Report))
            console.Line(line);
        SayPlots(results);
        string made = replayed is { } read ? $"{read} samples replayed"
            : $"{progress?.Generated ?? 0} samples, {progress?.GeneratedTokens ?? 0} tokens generated";
        console.Line($"results: {paths.Results} ({made} in {ProgressLine.Duration(TimeSpan.FromSeconds(seconds["generate"]))})");
    }

    void SayPlots(ExactFiles results)
    {
        foreach ((string name, _) in results.Files.Where(file => file.Name.EndsWith(".svg", StringComparison.Ordinal)))
        {
            bool elsewhere = results.OtherRenderersPlots.Any(plot => plot.Name == name);
            console.Line($"plot: {Path.Combine(elsewhere ? paths.Artifacts : paths.Results, name)}");
        }
    }

    /// <summary>With what other runs have kept of the same pool, unless it is to be generated here and now.</summary>
    GenerationLog OpenLog(PlannedPool pool)
    {
        GenerationLog log = GenerationLog.Open(LogOf(pool), pool.Key);
        if (!options.Rebuild)
            log.Adopt(KeptSamples.Of(paths, pool));
        return log;
    }

    string LogOf(PlannedPool pool) => Path.Combine(paths.Artifacts, pool.LogName);

    T Timed<T>(string stage, Func<T> act)
    {
        long started = Stopwatch.GetTimestamp();
        T result = act();
        seconds[stage] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return result;
    }
}
