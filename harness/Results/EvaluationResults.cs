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
        if (manifest.Answered.Count == 0)
            return Contribution.None;
        EvaluationRow[] rows = [.. experiment.Models.SelectMany(model => model.Evaluations)];
        IReadOnlyList<ModelAccuracyRow> accuracy = ModelAccuracy.Of(manifest, rows, experiment.Ends);
        return new Contribution(
            [
                (EvaluationTable.Csv.FileName, EvaluationTable.Csv.Write(rows)),
                (ModelAccuracyTable.Csv.FileName, ModelAccuracyTable.Csv.Write(accuracy)),
            ],
            EvaluationFigures.Draw(manifest.Title, accuracy),
            [
                .. manifest.Answered.Select(evaluation =>
                    Section(evaluation, [.. accuracy.Where(row => row.Evaluation == evaluation.Name)])),
            ]);
    }

    static ReportSection Section(EvaluationManifest evaluation, ModelAccuracyRow[] rows)
    {
        IReadOnlyList<int> counts = ModelAccuracy.CountsOf(evaluation.Pool.Samples);
        ModelAccuracyRow[] all = [.. rows.Where(row => row.Difficulty == AccuracyRow.AllDifficulties)];
        int models = all.Select(row => row.Model).Distinct().Count();
        PoolManifest pool = evaluation.Pool;
        IReadOnlyList<int> difficulties = pool.Difficulties.Count > 0 ? pool.Difficulties : pool.Task.DefaultDifficulties;
        string shown = evaluation.Loops.Count > 1 ? "By how often the models pass their layers, which adds operations and no token"
            : models == 1 ? "One model"
            : $"Of {NumberText.Count(models, "model")}, those that none beats at one sample which took fewer operations to train; all are "
                + "in model-accuracy.csv";
        return new ReportSection($"Evaluation {evaluation.Name}", IsSummary: false,
        [
            new Paragraph(
                $"{pool.Task.Name} {string.Join(", ", difficulties)}, {pool.Prompt}: {NumberText.Count(pool.Problems, "problem")}, "
                + $"{NumberText.Count(pool.Samples, "sample")} each at temperature "
                + $"{pool.Temperature.ToString(CultureInfo.InvariantCulture)}, in float32. {shown}. "
                + "k samples: the chance that at least one is right."),
            new Table(evaluation.Loops.Count > 1 ? ByLoops(all, counts) : Best(all, counts)),
        ]);
    }

    /// <summary>Models that no other beats which took fewer operations to train.</summary>
    static TextTable Best(ModelAccuracyRow[] rows, IReadOnlyList<int> counts)
    {
        TextTable table = new(
        [
            TextTable.Left("model"), TextTable.Right("FLOP of training"), TextTable.Right("one sample (95 %)"),
            .. counts.Skip(1).Select(k => TextTable.Right($"k = {k}")), TextTable.Right("cut off"),
        ]);
        double best = -1;
        foreach (ModelAccuracyRow[] model in rows.GroupBy(row => row.Model).Select(group => group.ToArray())
            .OrderBy(model => model[0].TrainingFlops))
        {
            if (model[0].Coverage <= best)
                continue;
            best = model[0].Coverage;
            table.Add([model[0].Model, Scientific(model[0].TrainingFlops), .. Coverages(model)]);
        }
        return table;
    }

    static TextTable ByLoops(ModelAccuracyRow[] rows, IReadOnlyList<int> counts)
    {
        TextTable table = new(
        [
            TextTable.Left("model"), TextTable.Right("passes"), TextTable.Right("FLOP of a sample"), TextTable.Right("one sample (95 %)"),
            .. counts.Skip(1).Select(k => TextTable.Right($"k = {k}")), TextTable.Right("cut off"),
        ]);
        foreach (ModelAccuracyRow[] passes in rows.GroupBy(row => (row.Model, row.Loops)).Select(group => group.ToArray()))
        {
            ModelAccuracyRow one = passes[0];
            table.Add([one.Model, one.Loops.ToString(CultureInfo.InvariantCulture), Scientific(one.Flops), .. Coverages(passes)]);
        }
        return table;
    }

    /// <summary>At each k, the first with its interval, and the share that was cut off.</summary>
    static IEnumerable<string> Coverages(ModelAccuracyRow[] rows) =>
    [
        $"{NumberText.Fixed(rows[0].Coverage)} ({NumberText.Fixed(rows[0].CiLow)} to {NumberText.Fixed(rows[0].CiHigh)})",
        .. rows.Skip(1).Select(row => NumberText.Fixed(row.Coverage)), NumberText.Fixed(rows[0].CutOff),
    ];

    static string Scientific(double value) => value.ToString("0.00e0", CultureInfo.InvariantCulture);
}
