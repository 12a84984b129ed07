using System.Globalization;
using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Records;
using Harness.Statistics;

namespace Harness.Analysis;

/// <summary>model-accuracy.csv: coverage at k = 1, 2, 4 and so on of each model that an experiment made, by evaluation.</summary>
public static class ModelAccuracy
{
    /// <summary>
    /// Of each evaluation its models in the manifest's order, of each every number of passes, its difficulties and all, and every k.
    /// </summary>
    /// <param name="rows">Of evaluations.csv.</param>
    public static IReadOnlyList<ModelAccuracyRow> Of(Manifest manifest, IReadOnlyList<EvaluationRow> rows, IReadOnlyList<TrainedEnd> ends)
    {
        ILookup<(string, string, int), EvaluationRow> answers = rows.ToLookup(row => (row.Evaluation, row.Model, row.Loops));
        List<ModelAccuracyRow> estimated = [];
        foreach (EvaluationManifest evaluation in manifest.Answered)
        {
            foreach ((TrainedEnd end, int loops) in ends.Where(end => evaluation.Models.Contains(end.Model.Name))
                .SelectMany(end => evaluation.LoopsOf(end.Model).Select(loops => (end, loops))))
            {
                EvaluationRow[] problems = [.. answers[(evaluation.Name, end.Model.Name, loops)]];
                IGrouping<int, EvaluationRow>[] byDifficulty =
                    [.. problems.GroupBy(row => row.Difficulty).OrderBy(group => group.Key)];
                if (byDifficulty.Length > 1)
                {
                    estimated.AddRange(byDifficulty.SelectMany(group => Of(
                        evaluation, end, group.Key.ToString(CultureInfo.InvariantCulture), [.. group], manifest.Seed)));
                }
                estimated.AddRange(Of(evaluation, end, AccuracyRow.AllDifficulties, problems, manifest.Seed));
            }
        }
        return estimated;
    }

    /// <summary>1, 2, 4 and so on, and all samples.</summary>
    public static IReadOnlyList<int> CountsOf(int samples)
    {
        List<int> counts = [];
        for (int k = 1; k < samples; k *= 2)
            counts.Add(k);
        return [.. counts, samples];
    }

    static IEnumerable<ModelAccuracyRow> Of(
        EvaluationManifest evaluation, TrainedEnd end, string difficulty, EvaluationRow[] problems, ulong seed)
    {
        IReadOnlyList<int> counts = CountsOf(evaluation.Pool.Samples);
        double[][] coverages =
            [.. counts.Select(k => problems.Select(row => PassAtK.Coverage(row.Samples, row.Correct, k)).ToArray())];
        ResampledMean[] means = [.. AnchoredBootstrap.OfMeans(
            coverages, new ProblemDraws([.. problems.Select(row => row.Difficulty)], seed), Anchors.Accuracy)];
        double prompt = Mean.Of([.. problems.Select(row => (double)ModelFlops.Prompt(end.Model.ShapeOf(row.Loops), row.PromptTokens))]),
            tokens = Mean.Of([.. problems.Select(row => (double)row.Tokens / row.Samples)]),
            flops = Mean.Of([.. problems.Select(row => row.Flops / row.Samples)]);
        return counts.Select((k, place) =>
        {
            Interval interval = means[place].Interval();
            return new ModelAccuracyRow
            {
                Evaluation = evaluation.Name,
                Model = end.Model.Name,
                Loops = problems[0].Loops,
                Difficulty = difficulty,
                Problems = problems.Length,
                K = k,
                Coverage = SignificantDigits.Round(means[place].Estimate),
                CiLow = SignificantDigits.Round(interval.Low),
                CiHigh = SignificantDigits.Round(interval.High),
                CutOff = SignificantDigits.Round(
                    problems.Sum(row => (double)row.CutOff) / problems.Sum(row => (double)row.Samples)),
                Tokens = SignificantDigits.Round(k * tokens),
                Flops = SignificantDigits.Round(prompt + k * flops),
                TrainingFlops = end.Last.Flops,
            };
        });
    }
}
