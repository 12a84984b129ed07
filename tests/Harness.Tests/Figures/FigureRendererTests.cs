using System.IO.Compression;
using System.Xml.Linq;
using Harness.Figures;
using Harness.Records;
using Harness.Tests.Shared;

namespace Harness.Tests.Figures;

/// <summary>The renderer that the harness was built with, whichever it is.</summary>
[TestFixture]
sealed class FigureRendererTests
{
    static readonly AccuracyRow[] Rows = [.. new[] { 1, 2, 4, 8 }.Select(k => new AccuracyRow
    {
        Pool = "think",
        Strategy = "majority-vote",
        Multiplier = k,
        Difficulty = "all",
        Problems = 10,
        Accuracy = .1 * k,
        CiLow = .08 * k,
        CiHigh = .12 * k,
        Tokens = 40 * k,
        Flops = 1e7 * k,
    })];

    static readonly FigureFacts Facts = new("Title & <more>", "tiny at w8a8", [new PoolFacts("think", "sum", "think", "think", 1, 10)]);

    [Test]
    public void Renderer_in_use_is_the_package_or_the_stand_in() =>
        Assert.That(FigureRenderer.Name, Does.Match(@"^(ScottPlot 5\.\d+\.\d+|builtin \d+)$"));

    [Test]
    public void Figure_of_the_renderer_in_use_is_well_formed_and_names_it()
    {
        foreach (Figure figure in ExperimentFigures.Draw(Rows, Facts))
        {
            XElement root = XDocument.Parse(figure.Svg).Root!;
            Assert.That(root.Name.LocalName, Is.EqualTo("svg"));
            Assert.That(root.Elements().First().Value, Is.EqualTo("Title & <more>"));
            Assert.That(FigureRenderer.NamedIn(figure.Svg), Is.EqualTo(FigureRenderer.Name));
            Assert.That(figure.Svg, Does.Contain(Theme.Lines[0].Light));
        }
    }

    [Test]
    public void Same_rows_give_the_same_bytes_again() =>
        Assert.That(ExperimentFigures.Draw(Rows, Facts)[0], Is.EqualTo(ExperimentFigures.Draw([.. Rows.Reverse()], Facts)[0]));

    [Test]
    public void Renderer_of_a_file_is_the_one_that_it_names()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.svg");
        File.WriteAllText(path, "<svg xmlns=\"http://www.w3.org/2000/svg\">\n  <!-- renderer: ScottPlot 5.1.0 -->\n</svg>");
        try
        {
            Assert.That(FigureRenderer.ReadRenderer(path), Is.EqualTo("ScottPlot 5.1.0"));
            Assert.That(FigureRenderer.NamedIn("<svg/>"), Is.Null);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Committed_stand_in_package_is_what_its_sources_say()
    {
        string feed = Path.Combine(Repository.Root, "harness/build/packages");
        string version = Elements(XElement.Load(Path.Combine(feed, "ScottPlot.nuspec")), "version").Single().Value;

        using ZipArchive package = ZipFile.OpenRead(Path.Combine(feed, $"ScottPlot.{version}.nupkg"));
        using StreamReader props = new(package.GetEntry("build/ScottPlot.props")!.Open());

        Assert.That(props.ReadToEnd(), Is.EqualTo(File.ReadAllText(Path.Combine(feed, "ScottPlot.props"))));
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props")), Does.Contain($"[{version}]"));
        Assert.That(package.Entries.Select(entry => entry.FullName), Has.None.StartsWith("lib/"));
    }

    static IEnumerable<XElement> Elements(XElement root, string name) =>
        root.Descendants().Where(element => element.Name.LocalName == name);
}
