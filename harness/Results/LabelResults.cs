using System.Globalization;
using Harness.Records;
using Harness.Reports;

namespace Harness.Results;

/// <summary>labels.csv, and what a report says of the answers that reward models learnt to judge.</summary>
public static class LabelResults
{
    /// <summary>Nothing where nothing is labelled.</summary>
    public static Contribution Of(TrainedExperiment experiment)
    {
        if (experiment.Labels.Count == 0)
            return Contribution.None;
        TextTable table = new(
            TextTable.Left("data"), TextTable.Left("split"), TextTable.Right("difficulty"), TextTable.Right("problems"),
            TextTable.Right("answers"), TextTable.Right("right"), TextTable.Right("places judged"), TextTable.Right("good"),
            TextTable.Right("completions"), TextTable.Right("tokens"), TextTable.Right("FLOP"));
        foreach (LabelRow row in experiment.Labels)
        {
            table.Add(
                row.Data, row.Split, row.Difficulty.ToString(CultureInfo.InvariantCulture), Number(row.Problems), Number(row.Samples),
                NumberText.Fixed((double)row.Correct / row.Samples), Number(row.Places), NumberText.Fixed(row.Good),
                Number(row.Completions), Number(row.Tokens), Operations(row.Flops));
        }
        return new Contribution([(LabelTable.Csv.FileName, LabelTable.Csv.Write(experiment.Labels))], [],
        [
            new ReportSection("Labels", IsSummary: false,
            [
                new Paragraph($"The Model, {experiment.Manifest.Model}, answered problems of the splits train and validation, none of "
                    + "test; its answers are labelled by the task's checker, steps by completions from their ends. "
                    + $"{Operations(experiment.Labels.Sum(row => row.Flops))} FLOP in all."),
                new Table(table),
            ]),
        ]);
    }

    static string Operations(double flops) => flops.ToString("0.00e0", CultureInfo.InvariantCulture);

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
