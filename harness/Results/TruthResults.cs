using Harness.Engines;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Statistics;

namespace Harness.Results;

/// <summary>
/// truth.csv, and the report's section that holds estimates against what they estimate: of a simulated model, where it is known.
/// </summary>
public sealed class TruthResults : IResultContributor
{
    public Contribution Of(AnalysedExperiment experiment)
    {
        TruthRow[] rows = [.. Rows(experiment)];
        return rows.Length == 0 ? Contribution.None
            : new Contribution([(TruthTable.Csv.FileName, TruthTable.Csv.Write(rows))], [], [Section(rows)]);
    }

    static IEnumerable<TruthRow> Rows(AnalysedExperiment experiment)
    {
        if (experiment.Manifest.Engine is not IKnownTruth knows)
            yield break;
        // Of answers that MaxTokens cut off, no law is known.
        foreach (AccuracyRow row in experiment.Accuracy.Where(
            row => row.Difficulty == AccuracyRow.AllDifficulties && row.CutOff == 0))
        {
            StrategyManifest reader = experiment.Manifest.Strategies.First(
                strategy => strategy.Pool.Name == row.Pool && strategy.Name == row.Strategy);
            KnownQuestion question = new(
                reader.Name, row.Multiplier, reader.Pool.Temperature == 0, reader.Options, reader.Verifier?.Name);
            if (knows.Accuracy(experiment.Manifest.Model, question) is not { } truth)
                continue;
            double rounded = SignificantDigits.Round(truth);
            yield return new TruthRow
            {
                Pool = row.Pool,
                Strategy = row.Strategy,
                Multiplier = row.Multiplier,
                Accuracy = row.Accuracy,
                CiLow = row.CiLow,
                CiHigh = row.CiHigh,
                Truth = rounded,
                IsInside = row.CiLow <= rounded && rounded <= row.CiHigh,
            };
        }
    }

    static ReportSection Section(TruthRow[] rows)
    {
        TextTable table = new(
            TextTable.Left("pool"), TextTable.Left("strategy"), TextTable.Right("multiplier"), TextTable.Right("estimate (95 %)"),
            TextTable.Right("truth"), TextTable.Left("inside"));
        foreach (TruthRow row in rows)
        {
            table.Add(
                row.Pool, row.Strategy, CsvFields.Write(row.Multiplier),
                $"{NumberText.Fixed(row.Accuracy)} ({NumberText.Fixed(row.CiLow)} to {NumberText.Fixed(row.CiHigh)})",
                NumberText.Fixed(row.Truth), row.IsInside ? "yes" : "no");
        }
        return new ReportSection("Held against the truth", IsSummary: false,
        [
            new Paragraph("The model is simulated, so that what each strategy is worth over all problems that it may be asked is known. Of "
                + $"{NumberText.Count(rows.Length, "interval")}, {rows.Count(row => row.IsInside)} hold it. They are of the same problems, "
                + "so that they are right or wrong together."),
            new Table(table),
        ]);
    }
}
