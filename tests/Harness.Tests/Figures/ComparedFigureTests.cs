extern alias Builtin;

using Builtin::Harness.Figures;
using Builtin::Harness.Records;
using static Harness.Tests.Figures.FigureRows;

namespace Harness.Tests.Figures;

/// <summary>Accuracies of two sides in one figure.</summary>
sealed class ComparedFigureTests
{
    static AccuracyRow[] Line(string strategy, double start, string pool = "think") =>
        [.. Budgets.Select((k, place) => Row(strategy, k, start + .05 * place, pool))];

    static Figure? Figure(AccuracyRow[] before, AccuracyRow[] after) =>
        ExperimentFigures.AccuracyCompared("demo.svg", "demo", ("main (ab12)", before), ("worktree", after));

    static DrawnFigure Drawn(AccuracyRow[] before, AccuracyRow[] after) => new(Figure(before, after)!.Svg);

    [Test]
    public void The_earlier_side_is_dashed_and_the_later_one_solid_in_the_same_colour()
    {
        DrawnFigure drawn = Drawn(Line("majority-vote", .2), Line("majority-vote", .5));
        DrawnPanel panel = drawn.Panels.Single();
        Mark[] lines = [.. panel.Data.Where(mark => mark.IsLine && mark.Bounds.Right - mark.Bounds.Left > 100)];
        Mark before = lines.Single(mark => mark.Gaps), after = lines.Single(mark => !mark.Gaps);
        Assert.That(before.Colour, Is.EqualTo(after.Colour));
        Assert.That(after.Bounds.Bottom, Is.LessThan(before.Bounds.Bottom), "the later side is higher");
        Assert.That(panel.Labels, Is.EqualTo(new[] { "majority-vote", "majority-vote" }));
        Assert.That(panel.Texts("note"), Is.EqualTo(new[] { "B", "A" }));
        Assert.That(drawn.Texts("explained"), Is.EqualTo(new[]
        {
            "A, dashed: main (ab12)", "B: worktree; bands and whiskers: 95 % intervals",
        }));
    }

    [Test]
    public void Two_strategies_share_a_panel_in_two_colours()
    {
        AccuracyRow[] rows = [.. Line("best-of-n", .1), .. Line("majority-vote", .3), .. Line("weighted-vote", .4)];
        DrawnFigure drawn = Drawn(rows, rows);
        Assert.That(drawn.Panels.Select(panel => panel.Labels.Distinct()), Is.EqualTo(new[]
        {
            new[] { "majority-vote", "best-of-n" }, ["weighted-vote"],
        }));
        Assert.That(drawn.Panels[0].Data.Select(mark => mark.Colour).Distinct(), Is.EquivalentTo(
            new[] { Theme.Lines[0].Light, Theme.Lines[1].Light }));
    }

    [Test]
    public void Only_what_both_sides_have_is_drawn()
    {
        DrawnFigure drawn = Drawn(
            [.. Line("majority-vote", .2), Row("single", 1, .2), .. Line("coverage", .2), Row("majority-vote", 512, .9, pool: "old")],
            [
                .. Line("majority-vote", .3), Row("single", 1, .3), .. Line("best-of-n", .2),
                Row("majority-vote", 1, double.NaN, pool: "old"),
            ]);
        Assert.That(drawn.Panels.Select(panel => panel.Heading), Is.EqualTo(new[] { "think" }));
        Assert.That(drawn.Panels[0].Labels, Is.All.EqualTo("majority-vote"));
        Assert.That(drawn.Texts("x-tick"), Is.EqualTo(new[] { "1", "2", "4", "8", "16", "32", "64" }));
    }

    [Test]
    public void A_pool_of_single_samples_is_drawn_as_points()
    {
        DrawnPanel panel = Drawn([Row("greedy", 1, .2)], [Row("greedy", 1, .4)]).Panels.Single();
        Assert.That(panel.Markers.Count(), Is.EqualTo(2));
    }

    [Test]
    public void Sides_that_share_nothing_have_no_figure() =>
        Assert.That(Figure(Line("majority-vote", .2), Line("majority-vote", .2, pool: "other")), Is.Null);
}
