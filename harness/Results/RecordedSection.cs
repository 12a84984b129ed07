using System.Globalization;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Samples;
using Harness.Tasks;

namespace Harness.Results;

/// <summary>What a report says of a recorded pool: where it comes from, what the recording leaves out, how far its task agrees.</summary>
static class RecordedSection
{
    public static IEnumerable<ReportBlock> Of(AnalysedExperiment experiment, PoolManifest pool)
    {
        yield return new Paragraph(Settings(experiment, pool));
        foreach (RecordedRow row in experiment.Files.Recordings.Where(row => row.Pool == pool.Name))
            yield return row.OnlyRecorded + row.OnlyChecked > 0 ? new Warning(Agreement(row)) : new Paragraph(Agreement(row));
    }

    static string Settings(AnalysedExperiment experiment, PoolManifest pool)
    {
        RecordingManifest recording = pool.Recording!;
        string[] facts =
        [
            $"Recorded in `{recording.Name}` ({recording.Format.Name})",
            pool.Task == RecordedTask.Definition ? "no task" : $"task {pool.Task.Name}",
            $"problems {Number(recording.FirstProblem)} to {Number(recording.FirstProblem + pool.Problems - 1)} of the file",
            $"{Number(pool.Samples)} sample{(pool.Samples == 1 ? "" : "s")} each",
            .. float.IsNaN(pool.Temperature) ? (string[])[]
                : [pool.Temperature == 0 ? "greedy" : $"temperature {PoolSection.Number(pool.Temperature)}"],
        ];
        return $"{string.Join("; ", facts)}. {Unknown(experiment.Pools[pool])}";
    }

    static string Unknown(ProblemSamples[] problems)
    {
        PooledSample[] samples = [.. problems.SelectMany(problem => problem.Samples)];
        string[] unknown =
        [
            .. problems.Any(problem => problem.PromptTokens is null) ? (string[])["tokens of prompts"] : [],
            .. samples.Any(sample => sample.Tokens is null) ? (string[])["tokens of answers"] : [],
            .. samples.Any(sample => sample.Logprob is null) ? (string[])["log-probabilities"] : [],
            .. samples.Any(sample => sample.CutOff is null) ? (string[])["how samples ended"] : [],
            .. samples.All(sample => sample.Answer is null) ? (string[])["answers"] : [],
        ];
        return unknown.Length == 0 ? "The recording states all that samples.csv holds."
            : $"The recording does not state {string.Join(", ", unknown)}: those cells, and what would be computed from them, are empty.";
    }

    static string Agreement(RecordedRow row)
    {
        string all = row.Checked == row.Samples ? $"all {Number(row.Samples)} samples"
            : $"{Number(row.Checked)} of {Number(row.Samples)} samples";
        if (row.Checked == 0)
            return "What is right is what the recording says: nothing judges it again.";
        if (row.Right is not { } right)
            return $"The task judged {all}: the recording does not say of every one whether it is right.";
        int disputed = row.OnlyRecorded + row.OnlyChecked;
        return disputed == 0
            ? $"The task judged {all} again, and agrees with the recording on every one; {Number(right)} are right."
            : $"The task judged {all} again, and disagrees with the recording on {Number(disputed)}: {Number(row.OnlyRecorded)} are right "
                + $"by the recording alone, {Number(row.OnlyChecked)} by the task alone; the first is problem:sample "
                + $"{row.FirstDisagreement}. "
                + "The recording's word is used.";
    }

    static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
