using System.Text.Json;
using Harness.Comparison;
using Harness.Comparison.Sources;
using Harness.Figures;
using Harness.Pages;
using Harness.Reports;
using Harness.Tests.Comparison;
using Harness.Tests.Comparison.Fakes;
using Harness.Tests.Reports.Fakes;
using Harness.Tests.Shared;
using static Harness.Tests.Comparison.Fakes.ResultFiles;

namespace Harness.Tests.Reports;

/// <summary>Pages as a reader has them: opened from a file in a real browser, on a light and on a dark screen.</summary>
[TestFixture]
sealed class PagesInABrowserTests
{
    const double LeastContrast = 4.5;

    string folder = null!;

    static string Probe(string name) => string.Concat(new[] { "PageProbe.js", name }.Select(file =>
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "Harness.Tests", "Reports", file))));

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
        JsonElement found = RequireReport(page, dark);
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
        JsonElement found = RequireReport(page, dark);
        Assert.That(found.GetProperty("tips")[0].GetString(), Does.Contain("compute multiplier k: 1"));
    }

    [Test]
    public void No_page_is_wider_than_a_phone()
    {
        string page = Written(ResultsReport.Of(ResultSources.Open(Repository.Root + "/", Repository.Root), [], plots: true));
        int[] widths = Browser.ContentWidths(page, 360, 420, 1000);
        Assert.That((widths[0] <= 360, widths[1] <= 420, widths[2] <= 1000), Is.EqualTo((true, true, true)), string.Join(' ', widths));
    }

    [TestCase(false), TestCase(true)]
    public void Samples_are_looked_through_without_an_error_and_their_texts_stay_texts(bool dark)
    {
        SampleTexts pages = new();
        string page = pages.WriteTo(folder)[0];
        string expected = ScriptData.Write(
            new { problems = SampleTexts.Problems, wrongProblems = pages.WrongProblems, hostile = SampleTexts.Shown });
        RequireUsable(Browser.Use(page, $"const expected = {expected};\n{Probe("SamplesProbe.js")}", dark), dark);
        int[] widths = Browser.ContentWidths(page, 360, 420);
        Assert.That((widths[0] <= 360, widths[1] <= 420), Is.EqualTo((true, true)), string.Join(' ', widths));
    }

    [TestCase("think/250/1", ">text of 250, 1<"), TestCase("think/250?right=1", ">text of 250, 0<")]
    [TestCase("think/9999", "There is no such problem."), TestCase("think/3/77", "There is no sample 77 of it.")]
    [TestCase("nonsense/%zz/?=", "300 of 300 problems are shown.")]
    public void A_link_leads_to_its_sample_on_whichever_page_it_is(string fragment, string shown)
    {
        string[] pages = new SampleTexts().WriteTo(folder, most: 48_000);
        Assert.That(pages, Has.Length.GreaterThan(2));
        foreach (string from in new[] { pages[0], pages[^1] })
            Assert.That(Browser.Document(from, fragment: fragment), Does.Contain(shown), from);
    }

    string Written(ResultsReport results)
    {
        string file = Path.Combine(folder, "page.html");
        File.WriteAllText(file, HtmlReport.Write(
            results.Report, "made by a test", name => results.Figures.FirstOrDefault(figure => figure.FileName == name)));
        return file;
    }

    static JsonElement RequireReport(string page, bool dark)
    {
        JsonElement found = Browser.Use(page, Probe("ReportProbe.js"), dark);
        RequireUsable(found, dark);
        Assert.That(found.GetProperty("sizes").EnumerateArray().Select(size => Math.Min(size[0].GetDouble(), size[1].GetDouble())),
            Is.Not.Empty.And.All.AtLeast(150));
        return found;
    }

    static void RequireUsable(JsonElement found, bool dark)
    {
        Assert.That(found.GetProperty("errors").EnumerateArray().Select(error => error.GetString()), Is.Empty);
        Assert.That(found.GetProperty("dark").GetBoolean(), Is.EqualTo(dark));
        Assert.That(found.GetProperty("contrast").GetDouble(), Is.AtLeast(LeastContrast), found.GetProperty("faintest").GetString());
        Assert.That(found.GetProperty("unlabelled").GetArrayLength(), Is.Zero);
    }
}
