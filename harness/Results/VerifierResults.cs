using System.Globalization;
using Harness.Analysis;
using Harness.Figures;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Samples;

namespace Harness.Results;

/// <summary>
/// verifiers.csv and calibration.csv, their figure, and what a report says of how well verifiers judge: where reward models are made, and
/// where they are asked.
/// </summary>
public sealed class VerifierResults : IResultContributor
{
    /// <summary>Nothing where no reward model verifies.</summary>
    public Contribution Of(AnalysedExperiment experiment)
    {
        Manifest manifest = experiment.Manifest;
        return manifest.RewardModels.Count == 0 ? Contribution.None : Of(
            manifest,
            [.. experiment.Pools.Where(pool => manifest.RewardModelsOf(pool.Key).Count > 0).Select(pool => (pool.Key.Name, pool.Value))],
            [.. manifest.RewardModels.Select(model => model.Folder)], []);
    }

    /// <summary>Of models that an experiment makes; nothing where none judges.</summary>
    public static Contribution Of(TrainedExperiment experiment)
    {
        Manifest manifest = experiment.Manifest;
        if (manifest.Judged.Count == 0)
            return Contribution.None;
        SampleFiles judged = experiment.Judged;
        IReadOnlyDictionary<string, ProblemSamples[]> pools = Estimates.PoolsOf(judged);
        return Of(
            manifest, [.. manifest.Judged.Select(evaluation => (evaluation.Name, pools.GetValueOrDefault(evaluation.Name, [])))],
            [.. manifest.Trains.Where(train => train.Judges is not null).Select(train => train.Name)],
            [
                (SampleTable.Csv.FileName, SampleTable.Csv.Write(judged.Samples)),
                (ProblemTable.Csv.FileName, ProblemTable.Csv.Write(judged.Problems)),
                (RewardTable.Csv.FileName, RewardTable.Csv.Write(judged.Rewards)),
            ]);
    }

    /// <summary>calibration.svg: of models that judge steps, the reward of the last one; null where no model judges.</summary>
    public static Figure? Figure(string title, IReadOnlyList<CalibrationRow> rows)
    {
        string[] names = [.. rows.Select(row => row.Verifier).Distinct()];
        string[] ofOthers = [.. names.SelectMany(folder => Estimates.NamesOf(folder).Where(name => name != folder))];
        return VerifierFigures.Calibration(title, [.. rows.Where(row => !ofOthers.Contains(row.Verifier))]);
    }

    static Contribution Of(
        Manifest manifest, (string Name, ProblemSamples[] Problems)[] pools, string[] folders, (string, byte[])[] beside)
    {
        string[] models = [.. folders.SelectMany(Estimates.NamesOf)];
        VerifierRow[] rows = [.. pools.SelectMany(pool => VerifierQuality.Of(pool.Name, pool.Problems, models, manifest.Seed))];
        CalibrationRow[] calibration =
            [.. pools.SelectMany(pool => VerifierQuality.Calibration(pool.Name, pool.Problems, models, manifest.Seed))];
        Figure? figure = Figure(manifest.Title, calibration);
        return new Contribution(
            [
                .. beside, (VerifierTable.Csv.FileName, VerifierTable.Csv.Write(rows)),
                (CalibrationTable.Csv.FileName, CalibrationTable.Csv.Write(calibration)),
            ],
            figure is null ? [] : [figure],
            [.. pools.Select(pool => Section(pool.Name, [.. rows.Where(row => row.Pool == pool.Name)]))]);
    }

    static ReportSection Section(string pool, VerifierRow[] rows)
    {
        VerifierRow all = rows.First(row => row.Difficulty == AccuracyRow.AllDifficulties);
        TextTable table = new(
        [
            TextTable.Left("verifier"), TextTable.Left("difficulty"), TextTable.Right("AUC within problems (95 %)"),
            TextTable.Right("of problems"), TextTable.Right("Brier score"), TextTable.Right("calibration error"),
            TextTable.Right("mean reward"), TextTable.Right("right"),
        ]);
        foreach (VerifierRow row in rows)
        {
            table.Add(
                row.Verifier, row.Difficulty,
                $"{NumberText.Fixed(row.Auc)} ({NumberText.Fixed(row.CiLow)} to {NumberText.Fixed(row.CiHigh)})",
                $"{row.Compared.ToString(CultureInfo.InvariantCulture)} of {row.Problems.ToString(CultureInfo.InvariantCulture)}",
                Known(row.Brier), Known(row.CalibrationError), NumberText.Fixed(row.MeanReward), NumberText.Fixed(row.Right));
        }
        return new ReportSection($"Verifiers of {pool}", IsSummary: false,
        [
            new Paragraph("The area under the curve (AUC) within problems: the chance that a right answer to a problem has a higher reward "
                + "than a wrong one to the same problem; a half is chance. It is a mean over problems with both, "
                + $"{all.Compared.ToString(CultureInfo.InvariantCulture)} of {all.Problems.ToString(CultureInfo.InvariantCulture)}. A "
                + "Brier score is the mean squared difference of reward and rightness, a calibration error the mean difference of reward "
                + "and share of right answers over ten ranges: both of rewards that are probabilities."),
            new Table(table),
        ]);
    }

    static string Known(double value) => double.IsNaN(value) ? "" : NumberText.Fixed(value);
}
