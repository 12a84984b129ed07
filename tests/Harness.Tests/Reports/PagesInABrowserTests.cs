using System.Text.Json;
using Harness.Comparison;
using Harness.Comparison.Sources;
using Harness.Figures;
using Harness.Pages;
using Harness.Reports;
using Harness.Tests.Comparison;
using Harness.Tests.Comparison.Fakes;
using Harness.Tests.Shared;
using static Harness.Tests.Comparison.Fakes.ResultFiles;

namespace Harness.Tests.Reports;

/// <summary>Pages as a reader has them: opened from a file in a real browser, on a light and on a dark screen.</summary>
[TestFixture]
sealed class PagesInABrowserTests
{
    const double LeastContrast = 4.5;

    string folder = null!;

    static string Probe { get; } = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Harness.Tests", "Reports", "PageProbe.js"));

    [SetUp]
    public void SetUp()
    {
        Browser.Require();
        folder = Directory.CreateTempSubdirectory("harness-pages-").FullName;
    }

    [TearDown]
    public void TearDown()
    {
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }

    [TestCase(false), TestCase(true)]
    public void The_report_of_committed_results_is_used_without_an_error(bool dark)
    {
        string page = Written(ResultsReport.Of(ResultSources.Open(Repository.Root + "/", Repository.Root), [], plots: true));
        JsonElement found = RequireUsable(page, dark);
        Assert.That(found.GetProperty("sorted").GetInt32(), Is.GreaterThan(50));
        Assert.That(found.GetProperty("filtered").GetInt32(), Is.GreaterThan(5));
        Assert.That(found.GetProperty("tips").EnumerateArray().Select(tip => tip.GetString()),
            Has.Some.Contains("problems answered right (%): ").And.Some.Contains("tokens per second: "));
    }

    [TestCase(false), TestCase(true)]
    public void The_comparison_of_two_sides_is_used_without_an_error(bool dark)
    {
        using ScratchRepository repository = new();
        ResultFiles before = Of("demo", ("greedy", Repeat((20, "0"))), ("think", "1011 0010 1111 0101"));
        string first = repository.Commit(before), second = repository.Commit(before.Answering("greedy", Repeat((10, "1"), (10, "0"))));
        ResultComparison comparison = Compared.Of(repository.Root, first, second, 0);
        IReadOnlyList<Figure> figures = ComparisonFigures.Of(comparison);
        string page = Written(new ResultsReport(ComparisonReport.Of(comparison, figures), figures));
        JsonElement found = RequireUsable(page, dark);
        Assert.That(found.GetProperty("tips")[0].GetString(), Does.Contain("compute multiplier k: 1"));
    }

    [Test]
    public void No_page_is_wider_than_a_phone()
    {
        string page = Written(ResultsReport.Of(ResultSources.Open(Repository.Root + "/", Repository.Root), [], plots: true));
        int[] widths = Browser.ContentWidths(page, 360, 420, 1000);
        Assert.That((widths[0] <= 360, widths[1] <= 420, widths[2] <= 1000), Is.EqualTo((true, true, true)), string.Join(' ', widths));
    }

    string Written(ResultsReport results)
    {
        string file = Path.Combine(folder, "page.html");
        File.WriteAllText(file, HtmlReport.Write(
            results.Report, "made by a test", name => results.Figures.FirstOrDefault(figure => figure.FileName == name)));
        return file;
    }

    static JsonElement RequireUsable(string page, bool dark)
    {
        JsonElement found = Browser.Use(page, Probe, dark);
        Assert.That(found.GetProperty("errors").EnumerateArray().Select(error => error.GetString()), Is.Empty);
        Assert.That(found.GetProperty("dark").GetBoolean(), Is.EqualTo(dark));
        Assert.That(found.GetProperty("contrast").GetDouble(), Is.AtLeast(LeastContrast), found.GetProperty("faintest").GetString());
        Assert.That(found.GetProperty("unlabelled").GetArrayLength(), Is.Zero);
        Assert.That(found.GetProperty("sizes").EnumerateArray().Select(size => Math.Min(size[0].GetDouble(), size[1].GetDouble())),
            Is.Not.Empty.And.All.AtLeast(150));
        return found;
    }
}
