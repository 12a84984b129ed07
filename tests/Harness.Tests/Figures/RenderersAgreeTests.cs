extern alias Builtin;

using System.Xml.Linq;
using Harness.Figures;
using Harness.Records;
using Standing = Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

/// <summary>
/// The package and the stand-in draw the same figures: the same text at the same places, the same marks within a tenth of a pixel.
/// </summary>
[TestFixture]
sealed class RenderersAgreeTests
{
    /// <summary>Of a rounded number, twice, and the package's single precision.</summary>
    const double Tolerance = .11;

    [Test]
    public void Texts_and_layout_are_the_same()
    {
        foreach ((string package, string standIn) in Pairs())
            Assert.That(WithoutMarks(package), Is.EqualTo(WithoutMarks(standIn)));
    }

    [Test]
    public void Marks_are_the_same()
    {
        foreach ((string package, string standIn) in Pairs())
        {
            foreach ((DrawnPanel one, DrawnPanel other) in new DrawnFigure(package).Panels.Zip(new DrawnFigure(standIn).Panels))
            {
                Assert.That(one.Area.Left, Is.EqualTo(other.Area.Left).Within(Tolerance));
                Assert.That(one.Area.Bottom, Is.EqualTo(other.Area.Bottom).Within(Tolerance));
                Mark[] first = [.. one.Data], second = [.. other.Data];
                Assert.That(first.Select(Kind), Is.EqualTo(second.Select(Kind)));
                Assert.Multiple(() =>
                {
                    foreach ((Mark mark, Mark same) in first.Zip(second))
                    {
                        Assert.That(Edges(mark), Is.EqualTo(Edges(same)).Within(Tolerance), $"{Kind(mark)}");
                        if (mark.IsLine)
                        {
                            Assert.That(mark.Points.Select(p => p.X), Is.EqualTo(same.Points.Select(p => p.X)).Within(Tolerance));
                            Assert.That(mark.Points.Select(p => p.Y), Is.EqualTo(same.Points.Select(p => p.Y)).Within(Tolerance));
                        }
                    }
                });
            }
        }
    }

    static (string Colour, bool IsLine, double Opacity, bool Gaps) Kind(Mark mark) => (mark.Colour, mark.IsLine, mark.Opacity, mark.Gaps);

    static double[] Edges(Mark mark) => [mark.Bounds.Left, mark.Bounds.Top, mark.Bounds.Right, mark.Bounds.Bottom];

    static string WithoutMarks(string svg)
    {
        XElement root = XElement.Parse(svg);
        root.Nodes().OfType<XComment>().Single().Remove();
        foreach (XElement marks in DrawnFigure.OfClass(root, "marks").ToArray())
            marks.RemoveNodes();
        return root.ToString();
    }

    static IEnumerable<(string Package, string StandIn)> Pairs()
    {
        if (FigureRenderer.IsStandIn)
            Assert.Ignore("the harness was built with the stand-in; -p:ScottPlotSource=package builds it with the package");
        AccuracyRow[] rows = [.. FigureRows.Experiment().Select(row => new AccuracyRow
        {
            Pool = row.Pool,
            Strategy = row.Strategy,
            Multiplier = row.Multiplier,
            Difficulty = row.Difficulty,
            Problems = row.Problems,
            Accuracy = row.Accuracy,
            CiLow = row.CiLow,
            CiHigh = row.CiHigh,
            IsUpperBound = row.IsUpperBound,
            Tokens = row.Tokens,
            Flops = row.Flops,
        })];
        Standing.FigureFacts facts = FigureRows.ExperimentFacts;
        FigureFacts same = new(facts.Title, facts.Model, [.. facts.Pools.Select(pool => new PoolFacts(
            pool.Name, pool.Task, pool.Questions, pool.Prompt, pool.Temperature, pool.Problems))]);
        return ExperimentFigures.Draw(rows, same).Zip(
            Standing.ExperimentFigures.Draw(FigureRows.Experiment(), facts), (one, other) => (one.Svg, other.Svg));
    }
}
