using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Harness.Comparison.Sources;
using Harness.Figures;
using Harness.Pages;
using Harness.Records;
using Harness.Reports;
using Harness.Tests.Comparison.Fakes;
using Harness.Tests.Shared;
using static Harness.Tests.Comparison.Fakes.ResultFiles;

namespace Harness.Tests.Pages;

/// <summary>The report of one side: what it says, and that it says no more than the committed files do.</summary>
sealed partial class ResultsReportTests
{
    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    static ResultsReport Committed(params string[] names) =>
        ResultsReport.Of(ResultSources.Open(Repository.Root + "/", Repository.Root), names, plots: true);

    static string[] Experiments() =>
        [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "results")).Select(folder => Path.GetFileName(folder)).Order()];

    static string Page(ResultsReport results) => HtmlReport.Write(
        results.Report, "made by a test", name => results.Figures.FirstOrDefault(figure => figure.FileName == name));

    ResultsReport Written(params ResultFiles[] experiments)
    {
        string commit = repository.Commit(experiments);
        return ResultsReport.Of(ResultSources.Open(commit, repository.Root), [], plots: true);
    }

    [Test]
    public void The_first_screen_has_the_headline_of_each_experiment()
    {
        string[] lines = [.. TerminalReport.Summary(Committed().Report)];
        Assert.That(lines[0], Does.StartWith($"{Experiments().Length} experiments, "));
        foreach (string name in Experiments())
        {
            string headline = File.ReadLines(Path.Combine(Repository.Root, "results", name, "README.md")).ElementAt(4);
            Assert.That(lines, Does.Contain($"{name}: {headline}"));
        }
    }

    /// <summary>Whoever drew them: the texts are this program's own, and say where each number stands.</summary>
    [TestCaseSource(nameof(Experiments))]
    public void Figures_are_drawn_again_as_they_are_committed(string name)
    {
        string folder = Path.Combine(Repository.Root, "results", name);
        Figure[] drawn = [.. Committed(name).Figures];
        Assert.That(drawn.Select(figure => figure.FileName), Is.EquivalentTo(
            Directory.EnumerateFiles(folder, "*.svg", SearchOption.AllDirectories)
                .Select(file => $"{name}/{Path.GetRelativePath(folder, file).Replace('\\', '/')}")));
        foreach (Figure figure in drawn)
            Assert.That(Texts(figure.Svg), Is.EqualTo(Texts(File.ReadAllText(Path.Combine(Repository.Root, "results", figure.FileName)))));

        static string[] Texts(string svg) => [.. TextElement().Matches(svg).Select(text => text.Value)];
    }

    [Test]
    public void Every_point_has_the_values_of_its_row()
    {
        ResultsReport report = Written(Of("demo", ("think", "1011 0010 1111 0101")));
        Figure figure = report.Figures.Single(figure => figure.FileName == "demo/accuracy.svg");
        Assert.That(figure.Points.Select(point => point.Text), Does.Contain(
            "think, coverage\nproblems answered right (%): 100 (50 to 100)\ncompute multiplier k: 4"));
        Assert.That(figure.Points.Select(point => point.X), Is.All.InRange(1, 800));
    }

    [Test]
    public void An_experiment_without_a_readme_is_told_from_its_rows()
    {
        string page = Page(Written(Of("demo", ("greedy", Repeat((3, "1"), (1, "0"))))));
        Assert.That(page, Does.Contain("1 experiment, 1 pool of samples, 1 estimate, measured on 0 machines."));
        Assert.That(page, Does.Contain("<td class=\"number\">0.750 (0.375 to 0.875)</td>"));
        Assert.That(page, Does.Contain("1 row of accuracy, and no report."));
    }

    [Test]
    public void Inputs_stand_with_their_hashes()
    {
        string text = string.Join('\n', TerminalReport.Lines(Committed("quickstart").Report));
        Assert.That(text, Does.Match(@"model +\.\./base-model/model at w8a8 +11862ac9ddf6"));
        Assert.That(text, Does.Match("prompt of sum-think +think +1750db3e8931").And.Match("result +samples.csv +[0-9a-f]{64}"));
        Assert.That(text, Does.Match(@"amd-epyc-x2-avx512 +cpu +avx512 +2 +2 +Debian.* +quickstart"));
    }

    [Test]
    public void Results_that_were_changed_after_their_run_are_told()
    {
        ResultFiles demo = Of("demo", ("greedy", "1 0")).WithRun(run => run["outputs"]![AccuracyTable.Csv.FileName] = new string('0', 64));
        Assert.That(Page(Written(demo)), Does.Contain("accuracy.csv is not the file that run.json lists"));
    }

    [Test]
    public void A_page_is_well_formed_and_asks_for_nothing_outside_it()
    {
        string page = Page(Committed());
        using XmlReader reader = XmlReader.Create(
            new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XElement root = XElement.Load(reader);
        XAttribute[] attributes = [.. root.DescendantsAndSelf().SelectMany(element => element.Attributes())];
        string[] targets = [.. attributes.Where(attribute => attribute.Name.LocalName == "href").Select(attribute => attribute.Value)];
        Assert.That(targets, Has.Length.EqualTo(Experiments().Length).And.All.StartsWith("#"));
        string[] anchors = [.. attributes.Where(attribute => attribute.Name.LocalName == "id").Select(attribute => attribute.Value)];
        Assert.That(anchors, Is.Unique.And.SupersetOf(targets.Select(target => target[1..])));
        Assert.That(attributes.Select(attribute => attribute.Name.LocalName), Has.None.EqualTo("src"));
        Assert.That(root.Value, Does.Not.Contain("url(").And.Not.Contain("@import").And.Not.Contain("http"));
        Assert.That(Page(Committed()), Is.EqualTo(page), "the same files give the same bytes");
    }

    [Test]
    public void Ten_experiments_take_three_seconds_at_most()
    {
        string results = repository.Beside("results");
        foreach (int copy in Enumerable.Range(0, 10))
            Copy(Path.Combine(Repository.Root, "results", "quickstart"), Path.Combine(results, $"copy-{copy}"));
        long started = Stopwatch.GetTimestamp();
        string page = Page(ResultsReport.Of(ResultSources.Open(results, repository.Root), [], plots: true));
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        TestContext.Out.WriteLine($"{took.TotalSeconds:F2} s, {page.Length / 1e6:F2} MB");
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(3)));
    }

    static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [GeneratedRegex("<text [^>]*>.*?</text>", RegexOptions.CultureInvariant)]
    private static partial Regex TextElement();
}
