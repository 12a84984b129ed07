using Harness.Records;
using Harness.Registry;
using Harness.Reports;
using Harness.Statistics.Laws;

namespace Harness.Results;

/// <summary>fits.csv, and the report's section of the laws that strategies ask for.</summary>
public sealed class FitResults : IResultContributor
{
    /// <summary>Nothing where no law is asked for.</summary>
    public Contribution Of(AnalysedExperiment experiment) => experiment.Fits.Count == 0
        ? Contribution.None
        : new Contribution([(FitTable.Csv.FileName, FitTable.Csv.Write(experiment.Fits))], [], [Section(experiment.Fits)]);

    static ReportSection Section(IReadOnlyList<FitRow> fits)
    {
        TextTable table = new(
            TextTable.Left("pool"), TextTable.Left("strategy"), TextTable.Left("law"), TextTable.Left("parameter"),
            TextTable.Right("value (95 %)"), TextTable.Right("held-out error"), TextTable.Left("of several"));
        foreach (FitRow row in fits)
        {
            string heldOut = double.IsNaN(row.HeldOutError) ? "" : $"{Digits(row.HeldOutError)} ± {Digits(row.HeldOutStandardError)}";
            table.Add(
                row.Pool, row.Strategy, $"{row.Law}: {Law(row).Formula}", row.Parameter,
                double.IsNaN(row.Value) ? "undefined" : $"{Digits(row.Value)} ({Digits(row.CiLow)} to {Digits(row.CiHigh)})",
                heldOut, row.IsChosen ? "simplest that is as good" : "");
        }
        return new ReportSection("Scaling laws", IsSummary: false,
        [
            new Paragraph("Intervals are of problems that are drawn anew, each time with another fit. The held-out error is the root mean "
                + "square of predicted - observed at the larger budgets, by a fit to the smaller ones (coverage: the first quarter of the "
                + "samples; other curves: all but the largest quarter of the multipliers), with its standard error over the same draws."),
            new Table(table),
        ]);
    }

    static ILaw Law(FitRow row) => LawRegistry.All.First(law => law.Name == row.Law);

    static string Digits(double value) => value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture);
}
