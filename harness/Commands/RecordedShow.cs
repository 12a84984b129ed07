using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;

namespace Harness.Commands;

/// <summary>harness show of a recorded pool: its texts lie in its file, and nothing is known of its tokens.</summary>
static class RecordedShow
{
    /// <param name="pool">The pool's name; null: the manifest's first.</param>
    public static void Show(
        ResolvedExperiment experiment, string? pool, NumberSelection problem, NumberSelection sample, bool onlyWrong, ShownAs form)
    {
        PoolManifest[] pools = [.. experiment.Manifest.Pools];
        int index = pool is null ? 0 : Array.FindIndex(pools, known => known.Name == pool);
        if (index < 0)
            throw Codes.NoSuchSample.With($"no pool '{pool}'{NearestName.Hint(pool!, pools.Select(known => known.Name))}");
        PoolManifest chosen = pools[index];
        if ((problem != NumberSelection.All && problem.Largest >= chosen.Problems)
            || (sample != NumberSelection.All && sample.Largest >= chosen.Samples))
            throw Codes.NoSuchSample.With(
                $"pool '{chosen.Name}' has problems 0 to {chosen.Problems - 1} and samples 0 to {chosen.Samples - 1}");
        ReplayedSample[] wanted =
        [
            .. new ReplayedPool(experiment, index).Samples.Where(shown => problem.Contains(shown.Row.Problem)
                && sample.Contains(shown.Row.Sample) && !(onlyWrong && shown.Row.Correct == 1)),
        ];
        if (form == ShownAs.Json)
            Console.WriteLine(problem.IsSingle && sample.IsSingle && !onlyWrong ? JsonStyle.Write(Described(wanted[0]))
                : JsonStyle.Write(wanted.Select(Described).ToArray()));
        else if (wanted.Length == 0 && form != ShownAs.JsonLines)
            Console.WriteLine("no sample is selected");
        else
            Console.WriteLine(form == ShownAs.JsonLines ? string.Join('\n', wanted.Select(shown => JsonStyle.WriteLine(Described(shown))))
                : string.Join("\n\n", wanted.Select(Written)));
    }

    static object Described(ReplayedSample shown) => new
    {
        shown.Row.Pool,
        shown.Row.Problem,
        shown.Row.Sample,
        shown.Problem.Question,
        shown.Text,
        shown.Row.Answer,
        Gold = shown.Problem.Answer,
        Correct = shown.Row.Correct == 1,
    };

    /// <summary>For a person.</summary>
    static string Written(ReplayedSample shown)
    {
        string answer = shown.Row.Answer.Length == 0 ? "none" : shown.Row.Answer;
        string gold = shown.Problem.Answer.Length == 0 ? "" : $"; right: {shown.Problem.Answer}";
        string[] lines =
        [
            .. shown.Problem.Question.Length > 0 ? (string[])[shown.Problem.Question] : [],
            $"--- pool {shown.Row.Pool}, problem {shown.Row.Problem}, sample {shown.Row.Sample} ---",
            shown.Text ?? "(the recording has no text)",
            $"answer: {answer} ({(shown.Row.Correct == 1 ? "right" : $"wrong{gold}")}), recorded",
        ];
        return string.Join('\n', lines);
    }
}
