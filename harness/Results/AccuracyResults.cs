using Harness.Figures;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Samples;

namespace Harness.Results;

/// <summary>accuracy.csv, the figures of accuracy and coverage, the report's summary and its section of each pool.</summary>
public sealed class AccuracyResults : IResultContributor
{
    const double LeastShare = 0.01;

    public Contribution Of(AnalysedExperiment experiment)
    {
        IReadOnlyList<Figure> figures = ExperimentFigures.Draw(experiment.Accuracy, FigureTitles.Of(experiment));
        List<ReportSection> sections =
        [
            Summary(experiment),
            .. experiment.Manifest.Pools.Index().Select(pool => PoolSection.Of(experiment, pool.Item, pool.Index)),
        ];
        return new Contribution([(AccuracyTable.Csv.FileName, AccuracyTable.Csv.Write(experiment.Accuracy))], figures, sections);
    }

    static ReportSection Summary(AnalysedExperiment experiment)
    {
        List<ReportBlock> blocks = [new Paragraph(HeadlineSentence.Of(experiment))];
        blocks.AddRange(experiment.Manifest.Pools.Select(pool => CutOffWarning(pool, experiment.Pools[pool])).OfType<Warning>());
        if (Overview(experiment.Accuracy) is { } overview)
            blocks.Add(new Table(overview));
        return new ReportSection(null, IsSummary: true, blocks);
    }

    /// <summary>A line a strategy and pool, a column a multiplier, all difficulties together; null without rows.</summary>
    public static TextTable? Overview(IReadOnlyList<AccuracyRow> accuracy)
    {
        AccuracyRow[] rows = [.. accuracy.Where(row => row.Difficulty == AccuracyRow.AllDifficulties)];
        if (rows.Length == 0)
            return null;
        int[] multipliers = [.. rows.Select(row => row.Multiplier).Distinct().Order()];
        TextTable table = new([TextTable.Left("pool"), TextTable.Left("strategy"), .. multipliers.Select(k => TextTable.Right($"{k}x"))]);
        foreach (IGrouping<(string Pool, string Strategy, bool IsUpperBound), AccuracyRow> group in rows.GroupBy(
            row => (row.Pool, row.Strategy, row.IsUpperBound)))
        {
            table.Add(
            [
                group.Key.Pool, group.Key.IsUpperBound ? $"{group.Key.Strategy} (upper bound)" : group.Key.Strategy,
                .. multipliers.Select(k => PoolSection.Accuracy(group.FirstOrDefault(row => row.Multiplier == k))),
            ]);
        }
        return table;
    }

    /// <summary>Null where less than one sample in a hundred was cut off, and so few have no answer.</summary>
    static Warning? CutOffWarning(PoolManifest pool, ProblemSamples[] problems)
    {
        PooledSample[] samples = [.. problems.SelectMany(problem => problem.Samples)];
        if (pool.Recording is not null)
            return null;
        int cutOff = samples.Count(sample => sample.CutOff == true), without = samples.Count(sample => sample.Answer is null);
        if (cutOff < LeastShare * samples.Length && without < LeastShare * samples.Length)
            return null;
        string cure = cutOff == 0 ? "" : "; a larger MaxTokens gives them room to finish";
        return new Warning($"{pool.Name}: {Percent(cutOff, samples.Length)} of {samples.Length} samples were cut off at MaxTokens, "
            + $"and in {Percent(without, samples.Length)} no answer was found, which counts as wrong{cure}.");
    }

    static string Percent(int part, int whole) => $"{NumberText.Fixed(100.0 * part / whole, 1)} %";
}
