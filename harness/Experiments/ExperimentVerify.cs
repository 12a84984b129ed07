using System.Diagnostics;
using System.Text.Json.Nodes;
using Harness.Comparison;
using Harness.Diagnostics;
using Harness.Engines;
using Harness.Figures;
using Harness.Identity;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;
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

    /// <summary>Every difference, one a file at most; none where all is as committed.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>, <see cref="Codes.ResultsCorrupt"/>.</exception>
    public IReadOnlyList<HarnessException> Execute(CancellationToken cancellation)
    {
        JsonObject run = RunJson.Read(paths.RunJson);
        _ = experiment.Model;
        if (Staleness.Difference(run, experiment) is { } otherwise)
            return [Codes.ResultsDiffer.With(otherwise, paths.RunJson)];
        string samplesFile = Path.Combine(paths.Results, SampleTable.Csv.FileName);
        SampleFiles committed = SampleFiles.Read(paths.Results);
        using RunLock alone = RunLock.Take(paths.Artifacts);
        using Checkpoint model = engine.Open(experiment.Model.Opens);
        ExperimentPlan plan = ExperimentPlan.Create(experiment, model);
        SampleRow[] rows = SampleOrder.Require(plan.Pools, committed.Samples, samplesFile);
        bool whole = fraction >= 1 || Hashes.OfFile(samplesFile) != RunJson.OutputsOf(run).GetValueOrDefault(SampleTable.Csv.FileName);
        SampleRow[] regenerated = [.. rows];
        SortedDictionary<int, RewardRow[]> rewards = [];
        List<HarnessException> differences = [];
        if (Regenerate(plan, model, rows, regenerated, rewards, whole ? 1 : fraction, cancellation) is { } sampleDifference)
            differences.Add(sampleDifference);
        SampleFiles samples = new(
            whole ? regenerated : rows,
            [.. plan.Pools.SelectMany(PoolGeneration.Problems)],
            whole ? [.. rewards.Values.SelectMany(row => row)] : committed.Rewards);
        ExactFiles expected =
            ExactFiles.Derive(experiment, new ModelRecord(model.Config, model.ChatTemplate is not null), samples, paths.Results);
        differences.AddRange(CompareFiles(expected, differences.Count > 0));
        if (differences.Count == 0)
            console.Line($"{experiment.Manifest.Name}: verified");
        return differences;
    }

    /// <summary>Replaces the rows that are generated again; returns the first that differs.</summary>
    HarnessException? Regenerate(
        ExperimentPlan plan,
        Checkpoint model,
        SampleRow[] committed,
        SampleRow[] regenerated,
        SortedDictionary<int,
        RewardRow[]> rewards,
        double share,
        CancellationToken cancellation)
    {
        using IGenerator generator = engine.CreateGenerator(model, experiment.Manifest.Precision, placement);
        (int Place, LoggedGeneration Sample, PlannedPool Pool)? first = null;
        long done = 0, tokens = 0, started = Stopwatch.GetTimestamp();
        GenerationRequest[][] wanted = [
            .. plan.Pools.Select(
                (pool, ordinal) => PoolGeneration.Requests(pool, (problem, sample) => IsChosen(ordinal, problem, sample, share)))];
        long total = wanted.Sum(pool => pool.Sum(request => (long)request.Samples.Count));
        string current = "";
        MovedRows moved = new();
        console.Line($"{experiment.Manifest.Name}: {total} of {plan.Samples} samples to generate again");
        double expected = committed.Sum(row => (double)row.Tokens) * total / plan.Samples;
        using IDisposable _ = console.Follow(
            () => new ProgressLine(current, done, total, 0, tokens, Stopwatch.GetElapsedTime(started)) { ExpectedTokens = expected });
        int offset = 0;
        foreach ((PlannedPool pool, GenerationRequest[] requests) in plan.Pools.Zip(wanted))
        {
            current = pool.Manifest.Name;
            int start = offset;
            PoolGeneration.Draw(pool, generator, requests, sample =>
            {
                int place = start + sample.Generation.Problem * pool.Manifest.Samples + sample.Generation.Sample;
                regenerated[place] = PoolGeneration.Row(pool, sample);
                rewards[place] = [.. PoolGeneration.Rewards(pool, sample)];
                moved.Add(committed[place], regenerated[place]);
                if ((first is null || place < first.Value.Place)
                    && SampleTable.Csv.FirstDifference(committed[place], regenerated[place]) is not null)
                    first = (place, sample, pool);
                done++;
                tokens += sample.Generation.Tokens.Length;
            }, cancellation);
            offset += (int)pool.Samples;
        }
        if (moved.Summary is { } summary)
            console.Line($"{experiment.Manifest.Name}: {summary}");
        return first is { } found ? Explain(found.Place, committed[found.Place], regenerated[found.Place], found.Sample, found.Pool, model)
            : null;
    }

    /// <summary>Chosen by a random stream of the manifest's seed, so that the same ones are checked every time and everywhere.</summary>
    bool IsChosen(int pool, int problem, int sample, double share)
    {
        uint draw = Philox.Block(experiment.Manifest.Seed, (uint)pool, (uint)problem, (uint)sample, RandomPurpose.VerifiedSample).X0;
        return share >= 1 || draw < share * uint.MaxValue || (pool, problem, sample) == (0, 0, 0);
    }

    HarnessException Explain(int place, SampleRow old, SampleRow now, LoggedGeneration sample, PlannedPool pool, Checkpoint model)
    {
        string file = Path.Combine(paths.Results, SampleTable.Csv.FileName);
        string text = $"pool {now.Pool}, problem {now.Problem}, sample {now.Sample}: {SampleTable.Csv.FirstDifference(old, now)}";
        LoggedGeneration? kept = GenerationLog.Read(Path.Combine(paths.Artifacts, $"{now.Pool}.generations"))
            .FirstOrDefault(candidate => candidate.Generation.Problem == now.Problem && candidate.Generation.Sample == now.Sample);
        if (old.TokensHash != now.TokensHash)
            text += "; " + Divergence(kept, old, sample, pool, model);
        return Codes.ResultsDiffer.With(text, file, place + 2, 1);
    }

    string Divergence(LoggedGeneration? kept, SampleRow old, LoggedGeneration sample, PlannedPool pool, Checkpoint model)
    {
        int[] now = sample.Generation.Tokens;
        if (kept is null || Hashes.OfTokens(kept.Generation.Tokens) != old.TokensHash)
            return $"{now.Length} tokens generated now; artifacts hold no tokens of the committed hash";
        int[] before = kept.Generation.Tokens;
        int position = now.AsSpan().CommonPrefixLength(before);
        if (position == now.Length || position == before.Length)
            return $"one ends after token {position}";
        float[] logits = engine.NextLogits(
            model, experiment.Manifest.Precision, placement, [.. pool.Prompts[sample.Generation.Problem].Tokens, .. now[..position]]);
        return $"first diverging token {position}: was {Token(before[position])}, is {Token(now[position])}";

        string Token(int id) => $"{id} '{pool.Tokenizer.Decode([id], keepSpecial: true)}' (logit {CsvFields.Write(logits[id])})";
    }

    IEnumerable<HarnessException> CompareFiles(ExactFiles expected, bool samplesDiffer)
    {
        Storage.WriteAll(Path.Combine(paths.Artifacts, "verify"), expected.Files);
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
