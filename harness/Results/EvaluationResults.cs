using System.Globalization;
using Harness.Analysis;
using Harness.Figures;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;

namespace Harness.Results;

/// <summary>evaluations.csv and model-accuracy.csv, their figure, and what a report says of what trained models answer.</summary>
public static class EvaluationResults
{
    /// <summary>Nothing where nothing is asked.</summary>
    public static Contribution Of(TrainedExperiment experiment)
    {
        Manifest manifest = experiment.Manifest;
        if (manifest.Evaluations.Count == 0)
            return Contribution.None;
        EvaluationRow[] rows = [.. experiment.Models.SelectMany(model => model.Evaluations)];
        IReadOnlyList<ModelAccuracyRow> accuracy = ModelAccuracy.Of(manifest, rows, experiment.Ends);
        return new Contribution(
            [
                (EvaluationTable.Csv.FileName, EvaluationTable.Csv.Write(rows)),
                (ModelAccuracyTable.Csv.FileName, ModelAccuracyTable.Csv.Write(accuracy)),
            ],
            EvaluationFigures.Draw(manifest.Title, accuracy) is { } figure ? [figure] : [],
            [
                .. manifest.Evaluations.Select(evaluation =>
                    Section(evaluation, [.. accuracy.Where(row => row.Evaluation == evaluation.Name)])),
            ]);
    }

    /// <summary>Models that no other beats which took fewer operations to train.</summary>
    static ReportSection Section(EvaluationManifest evaluation, ModelAccuracyRow[] rows)
    {
        IReadOnlyList<int> counts = ModelAccuracy.CountsOf(evaluation.Pool.Samples);
        TextTable table = new(
        [
            TextTable.Left("model"), TextTable.Right("FLOP of training"), TextTable.Right("one sample (95 %)"),
            .. counts.Skip(1).Select(k => TextTable.Right($"k = {k}")), TextTable.Right("cut off"),
        ]);
        ILookup<string, ModelAccuracyRow> models =
            rows.Where(row => row.Difficulty == AccuracyRow.AllDifficulties).ToLookup(row => row.Model);
        double best = -1;
        foreach (IGrouping<string, ModelAccuracyRow> model in models.OrderBy(model => model.First().TrainingFlops))
        {
            ModelAccuracyRow one = model.First();
            if (one.Coverage <= best)
                continue;
            best = one.Coverage;
            table.Add(
            [
                model.Key, one.TrainingFlops.ToString("0.00e0", CultureInfo.InvariantCulture),
                $"{NumberText.Fixed(one.Coverage)} ({NumberText.Fixed(one.CiLow)} to {NumberText.Fixed(one.CiHigh)})",
                .. model.Skip(1).Select(row => NumberText.Fixed(row.Coverage)), NumberText.Fixed(one.CutOff),
            ]);
        }
        PoolManifest pool = evaluation.Pool;
        IReadOnlyList<int> difficulties = pool.Difficulties.Count > 0 ? pool.Difficulties : pool.Task.DefaultDifficulties;
        return new ReportSection($"Evaluation {evaluation.Name}", IsSummary: false,
        [
            new Paragraph(
                $"{pool.Task.Name} {string.Join(", ", difficulties)}, {pool.Prompt}: {NumberText.Count(pool.Problems, "problem")}, "
                + $"{NumberText.Count(pool.Samples, "sample")} each at temperature "
                + $"{pool.Temperature.ToString(CultureInfo.InvariantCulture)}, in float32. "
                + $"Of {NumberText.Count(models.Count, "model")}, those that none beats at one sample which took fewer operations to "
                + "train; all are in model-accuracy.csv. k samples: the chance that at least one is right."),
            new Table(table),
        ]);
    }
}
