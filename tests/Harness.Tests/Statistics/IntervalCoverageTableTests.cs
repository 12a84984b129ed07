using System.Globalization;
using Harness.Tests.Shared;

namespace Harness.Tests.Statistics;

/// <summary>docs/interval-coverage.csv, and three of its cells computed again.</summary>
public sealed class IntervalCoverageTableTests
{
    const int Studies = 4000, StudiesOfTest = 400;
    const double Least = 0.93;
    const string Header = "problems,mean,values,studies,coverage,mean_width,wilson_mean_width";

    static string Table => Path.Combine(Repository.Root, "docs", "interval-coverage.csv");

    [Test]
    [Explicit("writes docs/interval-coverage.csv: dotnet test tests/Harness.Tests --filter Write_the_table_of_interval_coverage")]
    public void Write_the_table_of_interval_coverage() => File.WriteAllText(
        Table, $"{Header}\n{string.Concat(IntervalStudy.All.Select(study => $"{IntervalStudy.Row(study, Studies)}\n"))}");

    static string[][] Rows => [.. File.ReadAllLines(Table).Skip(1).Select(line => line.Split(','))];

    [Test]
    public void The_table_has_every_cell_and_none_below_the_bound()
    {
        Assert.That(File.ReadAllLines(Table)[0], Is.EqualTo(Header));
        Assert.That(Rows, Has.Length.EqualTo(IntervalStudy.All.Count()));
        Assert.That(Rows.Select(row => Number(row[4])), Is.All.GreaterThanOrEqualTo(Least));
    }

    [TestCase(30, 0.98, false)]
    [TestCase(100, 0.05, true)]
    [TestCase(300, 0.5, false)]
    public void A_cell_is_what_its_studies_give(int problems, double mean, bool fractional)
    {
        IntervalStudy study = new(problems, mean, fractional);
        string[] committed = Rows[IntervalStudy.All.ToList().IndexOf(study)];
        (double coverage, double width, double wilson) = study.Run(StudiesOfTest);
        double p = Number(committed[4]);
        Assert.That(coverage, Is.EqualTo(p).Within(4 * Math.Sqrt(Math.Max(p * (1 - p), 0.001) / StudiesOfTest)));
        Assert.That(width, Is.EqualTo(Number(committed[5])).Within(0.05 * width));
        Assert.That(wilson, Is.EqualTo(Number(committed[6])).Within(0.05 * wilson));
    }

    static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
