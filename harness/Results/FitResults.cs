using System.Globalization;
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

    /// <summary>The section of a report that has these rows.</summary>
    public static ReportSection Section(IReadOnlyList<FitRow> fits)
    {
        TextTable table = new(
            TextTable.Left("pool"), TextTable.Left("strategy"), TextTable.Left("law"), TextTable.Left("parameters and forecasts (95 %)"),
            TextTable.Right("held-out error"), TextTable.Left("of several"));
        foreach (IGrouping<(string, string, string), FitRow> fit in fits.GroupBy(row => (row.Pool, row.Strategy, row.Law)))
        {
            FitRow any = fit.First();
            table.Add(
                any.Pool, any.Strategy, $"{any.Law}: {Law(any).Formula}", string.Join("; ", fit.Select(Value)),
                double.IsNaN(any.HeldOutError) ? "" : $"{Digits(any.HeldOutError)} ± {Digits(any.HeldOutStandardError)}",
                any.IsChosen ? "the simplest that is as good" : "");
        }
        return new ReportSection("Scaling laws", IsSummary: false,
        [
            new Paragraph("Intervals are of problems that are drawn anew, each time with another fit. The held-out error is the root mean "
                + "square of predicted - observed at the larger budgets, by a fit to the smaller ones (coverage: the first quarter of the "
                + "samples; other curves: all but the largest quarter of the multipliers), with its standard error over the same draws."),
            new Table(table),
        ]);
    }

    static string Value(FitRow row) => double.IsNaN(row.Value) ? $"{row.Parameter} undefined"
        : $"{row.Parameter} {Digits(row.Value)} ({Digits(row.CiLow)} to {Digits(row.CiHigh)})";

    static ILaw Law(FitRow row) => LawRegistry.All.First(law => law.Name == row.Law);

    static string Digits(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
