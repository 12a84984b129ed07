extern alias Builtin;

using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

/// <summary>Values against commits: level between moves, a marker where a value moved, an upright line where there is a step.</summary>
sealed class HistoryFiguresTests
{
    static readonly string[] Commits = ["aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd"];

    static HistoryMark Moved(int commit, double value, bool isStep = false) =>
        new(commit, value, value - 5, value + 5) { IsMoved = true, IsStep = isStep };

    static DrawnFigure Draw(params HistoryLine[] lines) =>
        new(HistoryFigures.Accuracy("demo", "2026-01-01 to 2026-01-04", Commits, lines)!.Svg);

    [Test]
    public void A_value_holds_until_the_commit_that_moved_it()
    {
        HistoryLine line = new("pool", "vote 4x", [Moved(0, 50), new(1, 50, 45, 55), Moved(2, 80)], End: 3);
        DrawnPanel panel = Draw(line).Panels.Single();
        (double X, double Y)[] corners = panel.Data.Where(mark => mark.IsLine && mark.Points.Length > 3).Single(mark => !mark.Gaps).Points;
        double[] xs = [.. corners.Select(corner => corner.X).Distinct()], ys = [.. corners.Select(corner => corner.Y).Distinct()];
        Assert.That((xs.Length, ys.Length), Is.EqualTo((4, 2)), "four commits, two heights");
        Assert.That(corners.Where(corner => corner.X == xs[2]).Select(corner => corner.Y).Distinct().Count(), Is.EqualTo(2), "a step");
        Assert.That(panel.Markers.Count(), Is.EqualTo(2));
    }

    [Test]
    public void An_upright_line_stands_at_each_step_alone()
    {
        HistoryLine line = new("pool", "vote 4x", [Moved(0, 50), Moved(1, 60), Moved(3, 80, isStep: true)], End: 3);
        DrawnPanel panel = Draw(line).Panels.Single();
        Mark upright = panel.Data.Single(mark => mark.Colour == Theme.Bound.Light);
        Assert.That(upright.Bounds.Left, Is.EqualTo(upright.Bounds.Right).And.EqualTo(panel.Markers.Max(mark => mark.Middle)).Within(.6));
        Assert.That(panel.Texts("facts"), Is.EqualTo(new[] { "2 moves, 1 changed" }));
        DrawnPanel still = Draw(line with { Marks = [Moved(0, 50)] }).Panels.Single();
        Assert.That(still.Data.Any(mark => mark.Colour == Theme.Bound.Light), Is.False);
    }

    [Test]
    public void Ticks_are_commits_and_more_than_four_lines_take_several_panels()
    {
        HistoryLine[] lines = [.. Enumerable.Range(1, 5).Select(i => new HistoryLine("pool", $"vote {i}x", [Moved(0, 10 * i)], End: 3))];
        DrawnFigure figure = Draw([.. lines, new HistoryLine("other", "single 1x", [Moved(1, 5)], End: 1)]);
        Assert.That(figure.Panels.Select(panel => panel.Heading), Is.EqualTo(new[] { "pool", "pool", "other" }));
        Assert.That(figure.Panels.SelectMany(panel => panel.Labels).Count(), Is.EqualTo(6));
        Assert.That(figure.Panels[0].Texts("x-tick"), Is.SubsetOf(Commits).And.Contain("aaaaaaa").And.Contain("ddddddd"));
        Assert.That(figure.Panels[0].Texts("x-label"), Is.EqualTo(new[] { "commits, 2026-01-01 to 2026-01-04" }));
    }

    [Test]
    public void Operations_are_scaled_and_nothing_known_is_no_figure()
    {
        HistoryLine line = new("pool", "single 1x", [new(0, 3.2e9, double.NaN, double.NaN) { IsMoved = true }], End: 0);
        DrawnFigure figure = new(HistoryFigures.Flops("demo", "", ["aaaaaaa"], [line])!.Svg);
        Assert.That(figure.Panels[0].Texts("y-label"), Is.EqualTo(new[] { "operations per problem (GFLOP)" }));
        Assert.That(figure.Panels[0].Texts("y-tick"), Does.Contain("4"));
        HistoryLine unknown = line with { Marks = [line.Marks[0] with { Value = double.NaN }] };
        Assert.That(HistoryFigures.Flops("demo", "", ["aaaaaaa"], [unknown]), Is.Null);
    }
}
