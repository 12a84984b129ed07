using System.Diagnostics;
using System.Text.Json.Nodes;
using Harness.Comparison;
using Harness.Diagnostics;
using Harness.Engines;
using Harness.Figures;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;
using Harness.Results;

namespace Harness.Experiments;

/// <summary>
/// Generates an experiment's samples again, aside, derives its files from them, and compares with what is committed. Committed files
/// are only read.
/// </summary>
/// <param name="fraction">
/// Of the samples that are generated again, in (0, 1]; below 1 they are drawn by the manifest's seed, and the other files are derived
/// from the committed samples. Where samples.csv is not the file that run.json lists, all are, to find its row.
/// </param>
public sealed class ExperimentVerify(ResolvedExperiment experiment, RunConsole console, double fraction)
{
    readonly IEngine engine = experiment.Manifest.Engine;
    readonly ExperimentPaths paths = experiment.Paths;
    readonly Placement placement = experiment.Manifest.Placement;

    string Folder => Path.Combine(paths.Artifacts, "verify");

    /// <summary>What goes on from an interrupted verification: the same program on the same machine.</summary>
    KeptVerification Kept => new(Folder,
        $"{ProgramIdentity.Current}{placement}\n{engine.Describe(experiment.Manifest.Precision, placement)}\n");

    /// <summary>Every difference, one a file at most; none where all is as committed.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>, <see cref="Codes.ResultsCorrupt"/>;
    /// <see cref="Codes.Cancelled"/>, and what was generated is kept.</exception>
    public IReadOnlyList<HarnessException> Execute(CancellationToken cancellation)
    {
        JsonObject run = RunJson.Read(paths.RunJson);
        bool isRecorded = experiment.Manifest.IsRecorded, isTraining = experiment.Manifest.IsTraining;
        _ = isRecorded ? (object)experiment.Recordings : isTraining ? experiment.LearnedFrom : experiment.Model;
        if (Staleness.Difference(run, experiment) is { } otherwise)
            return [Codes.ResultsDiffer.With(otherwise, paths.RunJson)];
        if (isRecorded)
            return Replay();
        if (isTraining)
            return experiment.Manifest.StopAfter > 0 ? TrainFirstSteps(cancellation) : Train(cancellation);
        string samplesFile = Path.Combine(paths.Results, SampleTable.Csv.FileName);
        SampleFiles committed = SampleFiles.Read(paths.Results);
        using RunLock alone = RunLock.Take(paths.Artifacts);
        using IEngineModel model = engine.Open(experiment.Model.Opens);
        using PoolJudges judges = new(experiment, model);
        ExperimentPlan plan = ExperimentPlan.Create(experiment, model, judges.Shapes);
        SampleRow[] rows = SampleOrder.Require(plan.Pools, committed.Samples, samplesFile);
        bool whole = fraction >= 1 || Hashes.OfFile(samplesFile) != RunJson.OutputsOf(run).GetValueOrDefault(SampleTable.Csv.FileName);
        RegeneratedSamples regenerated = new(plan.Pools, rows);
        Regenerate(plan, model, regenerated, whole ? 1 : fraction, cancellation);
        MovedRows moved = regenerated.Moved;
        if (moved.Summary(moved.MayBeNumerics ? engine.CheckNumerics(placement) : null) is { } summary)
            console.Line($"{experiment.Manifest.Name}: {summary}");
        List<HarnessException> differences = [];
        if (regenerated.FirstDifference is { } first)
            differences.Add(Explain(first.Place, rows[first.Place], regenerated.Rows[first.Place], first.Sample, first.Pool, model));
        SampleFiles samples = new(
            whole ? regenerated.Rows : rows,
            [.. plan.Pools.SelectMany(PoolGeneration.Problems)],
            whole ? [.. regenerated.RewardsBy(judges)] : committed.Rewards);
        ExactFiles expected =
            ExactFiles.Derive(experiment, plan.Model, samples, paths.Results);
        differences.AddRange(CompareFiles(expected, differences.Count > 0));
        Kept.Forget();
        if (differences.Count == 0)
            console.Line($"{experiment.Manifest.Name}: verified");
        return differences;
    }

    /// <summary>Reads recorded pools from their files again, all of them whatever the fraction: that takes no time.</summary>
    HarnessException[] Replay()
    {
        using RunLock alone = RunLock.Take(paths.Artifacts);
        ExactFiles expected = ExactFiles.Derive(experiment, ModelRecord.None, ReplayedPool.Read(experiment), paths.Results);
        HarnessException[] differences = [.. CompareFiles(expected, samplesDiffer: false)];
        if (differences.Length == 0)
            console.Line($"{experiment.Manifest.Name}: verified");
        return differences;
    }

    /// <summary>Trains the models again, all of them whatever the fraction.</summary>
    HarnessException[] Train(CancellationToken cancellation)
    {
        using RunLock alone = RunLock.Take(paths.Artifacts);
        ExperimentTraining training = new(experiment, console, Kept.OpenModels());
        ExactFiles expected = ExactFiles.Derive(experiment, training.Run(cancellation), paths.Results);
        HarnessException[] differences = [.. CompareFiles(expected, samplesDiffer: false)];
        Kept.Forget();
        if (differences.Length == 0)
            console.Line($"{experiment.Manifest.Name}: verified");
        return differences;
    }

    /// <summary>
    /// Trains the first steps of each model's schedule, and compares their rows with those of training.csv; then all files with what is
    /// computed from the committed rows.
    /// </summary>
    HarnessException[] TrainFirstSteps(CancellationToken cancellation)
    {
        using RunLock alone = RunLock.Take(paths.Artifacts);
        int steps = experiment.Manifest.StopAfter;
        string file = Path.Combine(paths.Results, TrainingTable.Csv.FileName);
        TrainingRow[] committed = [.. TrainingTable.Csv.Read(file)];
        foreach (TrainManifest train in experiment.Manifest.Trains.Where(train => train.Steps >= steps))
        {
            if (!committed.Any(row => row.Model == train.Name && row.Step == steps))
                throw Codes.BadValue.With($"StopAfter is {steps}, and training.csv has no row of that step of model '{train.Name}': "
                    + $"its rows are {train.LogEvery} steps apart, after one of step 1");
        }
        ExperimentTraining training = new(experiment, console);
        TrainingRow[] rows = [.. training.Run(cancellation, steps).Models.SelectMany(model => model.Rows)];
        List<HarnessException> differences = [];
        foreach (TrainingRow row in rows)
        {
            int place = Array.FindIndex(committed, old => old.Model == row.Model && old.Step == row.Step);
            if (place < 0)
            {
                differences.Add(Codes.ResultsDiffer.With($"model {row.Model}: the row of step {row.Step} is missing", file));
                break;
            }
            // The last step is hashed here; there only where it is one that is.
            TrainingRow old = committed[place], now = old.Weights.Length > 0 ? row : row with { Weights = "" };
            if (TrainingTable.Csv.FirstDifference(old, now) is not { } difference)
                continue;
            differences.Add(Codes.ResultsDiffer.With($"model {row.Model}, step {row.Step}: {difference}", file, place + 2, 1));
            break;
        }
        if (differences.Count == 0 && committed.Count(row => row.Step <= steps) is var known && known != rows.Length)
            differences.Add(Codes.ResultsDiffer.With($"{known} rows up to step {steps}, where {rows.Length} are expected", file));
        if (differences.Count == 0)
            differences.AddRange(CompareFiles(ExactFiles.Derive(experiment, training.Committed(), paths.Results), samplesDiffer: false));
        if (differences.Count == 0)
            console.Line($"{experiment.Manifest.Name}: the first {steps} step{(steps == 1 ? "" : "s")} of each model are verified: losses "
                + "and weights; and what is computed from the committed rows");
        return [.. differences];
    }

    /// <summary>Generates the chosen samples; those that an interrupted verification left are not drawn again.</summary>
    void Regenerate(ExperimentPlan plan, IEngineModel model, RegeneratedSamples samples, double share, CancellationToken cancellation)
    {
        using IGenerator generator = model.CreateGenerator(experiment.Manifest.Precision, placement);
        GenerationLog[] logs = [.. plan.Pools.Select(Kept.Open)];
        try
        {
            foreach ((int pool, GenerationLog log) in logs.Index())
            {
                foreach (LoggedGeneration sample in log.Recovered.Where(sample => IsWanted(plan, pool, sample.Generation, share)))
                    samples.Add(pool, sample);
            }
            Draw(plan, generator, logs, samples, share, cancellation);
        }
        finally
        {
            foreach (GenerationLog log in logs)
                log.Dispose();
        }
    }

    void Draw(ExperimentPlan plan, IGenerator generator, GenerationLog[] logs, RegeneratedSamples samples, double share,
        CancellationToken cancellation)
    {
        string name = experiment.Manifest.Name, current = "";
        GenerationRequest[][] missing = [.. plan.Pools.Select((pool, ordinal) => PoolGeneration.Requests(pool,
            (problem, sample) => IsChosen(ordinal, problem, sample, share) && !samples.Has(ordinal, problem, sample)))];
        (long kept, long keptTokens, long started) = (samples.Count, samples.Tokens, Stopwatch.GetTimestamp());
        long total = kept + missing.Sum(pool => pool.Sum(request => (long)request.Samples.Count));
        console.Line($"{name}: {total - kept} of {plan.Samples} samples to generate again{(kept > 0 ? $", {kept} kept from before" : "")}");
        double expected = samples.Rows.Sum(row => (double)(row.Tokens ?? 0)) * total / plan.Samples;
        using IDisposable _ = console.Follow(() => new ProgressLine(
            current, samples.Count, total, kept, samples.Tokens - keptTokens, Stopwatch.GetElapsedTime(started))
        {
            KeptTokens = keptTokens,
            ExpectedTokens = expected,
        }.ToText());
        try
        {
            foreach ((int ordinal, PlannedPool pool) in plan.Pools.Index())
            {
                current = pool.Manifest.Name;
                PoolGeneration.Draw(pool, generator, missing[ordinal], sample =>
                {
                    logs[ordinal].Append(sample);
                    samples.Add(ordinal, sample);
                }, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Codes.Cancelled.With($"verifying {name} was interrupted; {samples.Count} of {total} samples generated again are kept: "
                + "run the same command again to go on");
        }
    }

    bool IsWanted(ExperimentPlan plan, int pool, Generation sample, double share) => sample.Problem < plan.Pools[pool].Prompts.Count
        && sample.Sample < plan.Pools[pool].Manifest.Samples && IsChosen(pool, sample.Problem, sample.Sample, share);

    /// <summary>Chosen by a random stream of the manifest's seed, so that the same ones are checked every time and everywhere.</summary>
    bool IsChosen(int pool, int problem, int sample, double share)
    {
        uint draw = Philox.Block(experiment.Manifest.Seed, (uint)pool, (uint)problem, (uint)sample, RandomPurpose.VerifiedSample).X0;
        return share >= 1 || draw < share * uint.MaxValue || (pool, problem, sample) == (0, 0, 0);
    }

    HarnessException Explain(int place, SampleRow old, SampleRow now, LoggedGeneration sample, PlannedPool pool, IEngineModel model)
    {
        string file = Path.Combine(paths.Results, SampleTable.Csv.FileName);
        string text = $"pool {now.Pool}, problem {now.Problem}, sample {now.Sample}: {SampleTable.Csv.FirstDifference(old, now)}";
        LoggedGeneration? kept = GenerationLog.Read(Path.Combine(paths.Artifacts, $"{now.Pool}.generations"))
            .FirstOrDefault(candidate => candidate.Generation.Problem == now.Problem && candidate.Generation.Sample == now.Sample);
        if (old.TokensHash != now.TokensHash)
            text += "; " + Divergence(kept, old, sample, pool, model);
        return Codes.ResultsDiffer.With(text, file, place + 2, 1);
    }

    string Divergence(LoggedGeneration? kept, SampleRow old, LoggedGeneration sample, PlannedPool pool, IEngineModel model)
    {
        int[] now = sample.Generation.Tokens;
        if (kept is null || Hashes.OfTokens(kept.Generation.Tokens) != old.TokensHash)
            return $"{now.Length} tokens generated now; artifacts hold no tokens of the committed hash";
        int[] before = kept.Generation.Tokens;
        int position = now.AsSpan().CommonPrefixLength(before);
        if (position == now.Length || position == before.Length)
            return $"one ends after token {position}";
        float[]? logits = (model as INextLogits)?.NextLogits(
            experiment.Manifest.Precision, placement, [.. pool.Prompts[sample.Generation.Problem].Tokens, .. now[..position]]);
        return $"first diverging token {position}: was {Token(before[position])}, is {Token(now[position])}";

        string Token(int id) => $"{id} '{pool.ModelText.Written(id)}' "
            + (logits is null ? $"(engine '{engine.Name}' gives no logits)" : $"(logit {CsvFields.Write(logits[id])})");
    }

    IEnumerable<HarnessException> CompareFiles(ExactFiles expected, bool samplesDiffer)
    {
        Storage.WriteAll(Folder, expected.Files);
        foreach ((string name, byte[] content) in expected.Files)
        {
            string path = Path.Combine(paths.Results, name);
            if (samplesDiffer && name is "samples.csv" or "run.json")
                continue;
            if (!File.Exists(path))
                yield return Codes.ResultsMissing.With($"{name} is missing", path);
            else if (LineDifference.Find(Storage.Reading(path, () => File.ReadAllBytes(path)), content) is { } difference)
                yield return Codes.ResultsDiffer.With(difference.Message, path, difference.Line, difference.Column);
        }
        foreach ((string name, _) in expected.OtherRenderersPlots)
            console.Line($"{name} was drawn by "
                + $"{FigureRenderer.ReadRenderer(Path.Combine(paths.Results, name)) ?? "an unnamed renderer"}, not {FigureRenderer.Name}: "
                + "its data are compared, not its bytes");
    }
}
