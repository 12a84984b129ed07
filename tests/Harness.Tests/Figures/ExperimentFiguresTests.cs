extern alias Builtin;

using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Builtin::Harness.Figures;
using Builtin::Harness.Records;
using static Harness.Tests.Figures.FigureRows;

namespace Harness.Tests.Figures;

[TestFixture]
sealed class ExperimentFiguresTests
{
    /// <summary>The marks alone: texts and layout are the figures' own, and other tests say what they must be.</summary>
    [Test]
    public void Stand_in_draws_as_its_version_says()
    {
        StringBuilder marks = new();
        foreach (Figure figure in OfExperiment())
            marks.AppendJoin('\n', DrawnFigure.OfClass(XElement.Parse(figure.Svg), "marks").Select(group => group.ToString()));

        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(marks.ToString())))[..16];

        Assert.That($"{FigureRenderer.Name}: {hash}", Is.EqualTo("builtin 2: 5abca5241bf43de2"),
            "a change of the drawing raises the version in harness/Figures/ScottPlot/ScottPlot.csproj");
    }

    [Test]
    public void Title_says_model_task_problems_and_temperature()
    {
        DrawnFigure drawn = Accuracy(Experiment());

        Assert.Multiple(() =>
        {
            Assert.That(drawn.Texts("title"), Is.EqualTo(new[] { "What a vote buys" }));
            Assert.That(drawn.Texts("explained")[0], Is.EqualTo("Model: tiny at w8a8"));
            Assert.That(drawn.Panels.Select(panel => panel.Heading), Is.EqualTo(new[] { "think", "direct" }));
            Assert.That(drawn.Texts("facts"), Is.EqualTo(new[] { "sum, 100 problems, temperature 1", "sum, 100 problems, temperature 1" }));
        });
    }

    [Test]
    public void Panel_of_a_pool_has_its_strategies_and_greedy_decoding_as_a_level()
    {
        DrawnPanel panel = Accuracy(Experiment()).Panels[0];

        Assert.That(panel.Labels, Is.EqualTo(new[] { "coverage", "majority-vote", "best-of-n", "greedy" }));
        Mark level = panel.Data.Single(mark => mark.IsLine && mark.Colour == Theme.Ink.Light && mark.Bounds.Top == mark.Bounds.Bottom);
        Assert.That(level.Bounds.Right, Is.EqualTo(panel.Area.Right).Within(.11));
        Assert.That(panel.MarkersOf("greedy").Single().Bounds.Left, Is.LessThan(level.Bounds.Left));
    }

    [Test]
    public void Greedy_decoding_of_another_prompt_stands_in_no_panel_that_has_none_of_its_prompt() =>
        Assert.That(Accuracy(Experiment()).Panels[1].Labels, Is.EqualTo(new[] { "majority-vote" }));

    [Test]
    public void Level_that_no_panel_shares_a_prompt_with_names_its_pool()
    {
        AccuracyRow[] rows = [Row("a", 1, .1), Row("a", 2, .2), Row("single", 1, .3, "direct")];

        DrawnPanel panel = Accuracy(rows, Facts("think", "direct")).Panels.Single();

        Assert.That(panel.Labels, Is.EqualTo(new[] { "single", "a" }));
        Assert.That(panel.Texts("note"), Is.EqualTo(new[] { "direct" }));
    }

    [Test]
    public void Level_over_other_problems_has_a_panel_of_its_own()
    {
        AccuracyRow[] rows = [Row("a", 1, .1), Row("a", 2, .2), Row("greedy", 1, .3, "other")];
        FigureFacts facts = new("t", "m", [Pool("think"), Pool("other", 0, questions: "other")]);

        Assert.That(Accuracy(rows, facts).Panels.Select(panel => panel.Heading), Is.EqualTo(new[] { "think", "other" }));
    }

    [Test]
    public void One_sample_where_lines_begin_is_not_drawn_again()
    {
        AccuracyRow[] rows = [Row("a", 1, .1), Row("a", 2, .2), Row("single", 1, .1)];

        Assert.That(Accuracy(rows).Panels.Single().Labels, Is.EqualTo(new[] { "a" }));
        Assert.That(
            Accuracy([.. rows[..2], rows[2] with { Accuracy = .15 }]).Panels.Single().Labels, Is.EqualTo(new[] { "a", "single" }));
    }

    [Test]
    public void Upper_bound_is_grey_dashed_and_called_so_in_every_figure()
    {
        foreach (Figure figure in ExperimentFigures.Draw(Experiment(), Facts("think", "direct", "greedy")))
        {
            DrawnFigure drawn = new(figure.Svg);
            DrawnPanel panel = drawn.Panels[0];
            string[] greys = [.. Theme.Bounds.Append(Theme.Bound).Select(tint => tint.Light)];
            Mark[] bounds = [.. panel.Data.Where(mark => mark.IsLine && greys.Contains(mark.Colour))];
            Assert.That(bounds, Is.Not.Empty.And.All.Matches<Mark>(mark => mark!.Gaps), figure.FileName);
            Assert.That(panel.Texts("note").Append(panel.Heading), Has.Some.Contains("upper bound"));
            Assert.That(drawn.Texts("explained"), Has.Some.Contains("oracle"));
        }
    }

    [Test]
    public void Coverage_with_a_checker_that_one_can_deploy_is_a_line_like_others()
    {
        AccuracyRow[] rows = [.. Budgets.Select(k => Row("coverage", k, .3))];

        foreach (Figure figure in ExperimentFigures.Draw(rows, Facts("think")))
        {
            DrawnPanel panel = new DrawnFigure(figure.Svg).Panels.Single();
            Assert.That(panel.Data.Where(mark => mark.IsLine), Has.All.Matches<Mark>(mark => !mark!.Gaps), figure.FileName);
            Assert.That(panel.Texts("note"), Is.Empty);
        }
    }

    [Test]
    public void Eight_strategies_are_two_panels_the_best_first()
    {
        AccuracyRow[] rows = [.. "abcdefgh".SelectMany((name, i) => Budgets.Select(k => Row($"{name}", k, .1 * i + .001 * k)))];

        DrawnPanel[] panels = Accuracy(rows).Panels;

        Assert.That(panels.Select(panel => string.Concat(panel.Labels)), Is.EqualTo(new[] { "hgfe", "dcba" }));
        Assert.That(panels.Select(panel => panel.Heading), Is.EqualTo(new[]
        {
            "think: 1 to 4 of 8 by final accuracy", "think: 5 to 8 of 8 by final accuracy",
        }));
    }

    [Test]
    public void Panels_have_the_same_axes_and_data_areas_of_one_size()
    {
        DrawnFigure drawn = Accuracy([.. Budgets.Select(k => Row("a", k, .9)), .. Budgets.Select(k => Row("a", k, .1, "direct"))]);

        Assert.That(drawn.Panels, Has.Length.EqualTo(2));
        Assert.That(drawn.Panels[1].Texts("y-tick"), Is.EqualTo(drawn.Panels[0].Texts("y-tick")));
        Assert.That(drawn.Panels[1].Texts("x-tick"), Is.EqualTo(drawn.Panels[0].Texts("x-tick")));
        Assert.That(
            drawn.Panels[1].Area.Right - drawn.Panels[1].Area.Left,
            Is.EqualTo(drawn.Panels[0].Area.Right - drawn.Panels[0].Area.Left).Within(.11));
    }

    [TestCase(3, true)]
    [TestCase(4, false)]
    public void Intervals_are_bands_of_three_lines_and_whiskers_side_by_side_of_four(int lines, bool bands)
    {
        AccuracyRow[] rows = [.. "abcd"[..lines].SelectMany((name, i) => Budgets.Select(k => Row($"{name}", k, .1 * i + .2)))];

        DrawnPanel panel = Accuracy(rows).Panels.Single();

        Assert.That(panel.Data.Count(mark => mark.IsBand), Is.EqualTo(bands ? 3 : 0));
        double[] first = [.. panel.Labels.Select(label => panel.MarkersOf(label)[0].Middle)];
        Assert.That(first.Max() - first.Min(), bands ? Is.EqualTo(0).Within(.11) : Is.GreaterThan(6).And.LessThan(20));
        foreach (string label in panel.Labels.Where(_ => !bands))
        {
            Mark whiskers = panel.Data.Single(mark => mark.IsLine && mark.Gaps && mark.Colour == panel.Colours[label]);
            Assert.That(whiskers.Points, Has.Length.EqualTo(2 * Budgets.Length));
        }
    }

    [Test]
    public void Ticks_stand_at_the_multipliers_of_the_data()
    {
        AccuracyRow[] rows = [.. new[] { 1, 3, 9, 27 }.Select(k => Row("a", k, .01 * k))];

        DrawnPanel panel = Accuracy(rows).Panels.Single();

        Assert.That(panel.Texts("x-tick"), Is.EqualTo(new[] { "1", "3", "9", "27" }));
        Assert.That(
            DrawnFigure.OfClass(panel.Element, "x-tick").Select(tick => DrawnFigure.Number(tick, "x")),
            Is.EqualTo(panel.MarkersOf("a").Select(mark => mark.Middle)).Within(.11));
    }

    [Test]
    public void Strategy_has_the_same_colour_and_marker_in_every_panel_and_figure()
    {
        AccuracyRow[] rows = [.. new[] { "think", "direct" }.SelectMany(pool => Budgets.SelectMany(k => new[]
        {
            Row("majority-vote", k, .3, pool), Row(pool == "think" ? "best-of-n" : "weighted-vote", k, .2, pool),
        }))];

        DrawnPanel[] panels =
            [.. ExperimentFigures.Draw(rows, Facts("think", "direct")).SelectMany(figure => new DrawnFigure(figure.Svg).Panels)];

        Assert.That(panels, Has.Length.EqualTo(4));
        Assert.That(panels.Select(panel => panel.Colours["majority-vote"]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(panels.SelectMany(panel => panel.Colours.Values).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Order_of_the_rows_changes_no_byte()
    {
        AccuracyRow[] rows = Experiment();

        Assert.That(
            ExperimentFigures.Draw([.. rows.Reverse()], ExperimentFacts), Is.EqualTo(ExperimentFigures.Draw(rows, ExperimentFacts)));
    }

    [Test]
    public void Change_that_a_person_would_call_one_changes_the_figure_and_a_smaller_one_does_not()
    {
        AccuracyRow[] rows = [.. Budgets.Select(k => Row("a", k, .5))];

        Assert.That(Svg(rows[0] with { Accuracy = .51 }), Is.Not.EqualTo(Svg(rows[0])));
        Assert.That(Svg(rows[0] with { Accuracy = .50000001 }), Is.EqualTo(Svg(rows[0])));

        string Svg(AccuracyRow first) => ExperimentFigures.AccuracyAgainstMultiplier([first, .. rows[1..]], Facts("think"))!.Svg;
    }

    [Test]
    public void Row_without_a_value_is_left_out()
    {
        AccuracyRow[] rows = [Row("coverage", 1, .5), Row("coverage", 2, double.NaN), Row("coverage", 4, .7)];

        string svg = ExperimentFigures.Coverage(rows, Facts("think"))!.Svg;

        Assert.That(svg, Is.EqualTo(ExperimentFigures.Coverage([rows[0], rows[2]], Facts("think"))!.Svg));
        Assert.That(new DrawnFigure(svg).Panels.Single().MarkersOf("coverage"), Has.Length.EqualTo(2));
    }

    [Test]
    public void Row_without_an_interval_keeps_its_point_and_loses_its_band()
    {
        AccuracyRow[] rows = [Row("a", 1, .5), Row("a", 2, .6), Row("a", 4, .7) with { CiLow = double.NaN, CiHigh = double.NaN }];

        DrawnPanel panel = Accuracy(rows).Panels.Single();

        Assert.That(panel.MarkersOf("a"), Has.Length.EqualTo(3));
        Assert.That(panel.Data.Single(mark => mark.IsBand).Points, Has.Length.EqualTo(4));
    }

    [Test]
    public void Row_without_operations_is_left_out_of_their_axis()
    {
        Assert.That(ExperimentFigures.AccuracyAgainstFlops([Row("a", 1, .5, flops: 0)], Facts("think")), Is.Null);
        Assert.That(ExperimentFigures.AccuracyAgainstMultiplier([Row("a", 1, .5, flops: 0)], Facts("think")), Is.Not.Null);
    }

    [Test]
    public void Nothing_to_draw_gives_no_figure()
    {
        Assert.That(ExperimentFigures.Draw([], Facts()), Is.Empty);
        Assert.That(ExperimentFigures.Draw([Row("coverage", 1, double.NaN)], Facts("think")), Is.Empty);
        Assert.That(ExperimentFigures.ThroughputAgainstBatch([], "m", "", ""), Is.Null);
        Assert.That(
            ExperimentFigures.Draw([Row("single", 1, .5)], Facts("think")).Select(figure => figure.FileName),
            Is.EqualTo(new[] { "accuracy.svg", "accuracy-flops.svg" }));
    }

    [TestCase(0)]
    [TestCase(.5)]
    [TestCase(1)]
    public void Accuracy_that_never_changes_is_a_level_line_within_the_axes(double accuracy)
    {
        DrawnPanel panel = Accuracy([.. Budgets.Select(k => Row("a", k, accuracy))]).Panels.Single();

        Assert.That(panel.MarkersOf("a"), Has.All.Matches<Mark>(mark => panel.Area.Contains(mark!.Bounds)));
        Assert.That(panel.MarkersOf("a").Select(mark => mark.Bounds.Top).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Throughput_has_its_spread_as_whiskers()
    {
        DrawnPanel panel = new DrawnFigure(OfExperiment().Single(figure => figure.FileName == "throughput.svg").Svg).Panels.Single();

        Assert.That(panel.Data.Where(mark => mark.IsBand), Is.Empty);
        Assert.That(panel.Data.Single(mark => mark.Gaps).Points, Has.Length.EqualTo(6));
        Assert.That(panel.Texts("x-tick"), Is.EqualTo(new[] { "1", "16", "64" }));
    }

    [Test]
    public void Coverage_of_a_pool_is_drawn_by_difficulty()
    {
        DrawnPanel panel = new DrawnFigure(ExperimentFigures.Coverage(Experiment(), ExperimentFacts)!.Svg).Panels.Single();

        Assert.That(panel.Labels, Is.EquivalentTo(new[] { "all", "difficulty 3", "difficulty 10" }));
    }

    [Test]
    public void Coverage_says_which_difficulties_it_leaves_out()
    {
        AccuracyRow[] rows = [.. new[] { "all", "10", "2", "5", "3", "4" }.SelectMany((name, i) =>
            Budgets.Select(k => Row("coverage", k, 1 - .1 * i, difficulty: name)))];

        DrawnPanel panel = new DrawnFigure(ExperimentFigures.Coverage(rows, Facts("think"))!.Svg).Panels.Single();

        Assert.That(panel.Labels, Is.EquivalentTo(new[] { "all", "difficulty 2", "difficulty 4", "difficulty 10" }));
        Assert.That(panel.Texts("facts").Single(), Does.EndWith("; difficulties 3, 5 not shown"));
    }

    [Test]
    public void Coverage_without_difficulties_stands_beside_chance()
    {
        AccuracyRow[] rows = [.. Budgets.Select(k => Row("coverage", k, .3, isUpperBound: true) with { Chance = .1 })];

        Assert.That(
            new DrawnFigure(ExperimentFigures.Coverage(rows, Facts("think"))!.Svg).Panels.Single().Labels,
            Is.EqualTo(new[] { "coverage", "by chance" }));
    }

    [Test]
    public void Markup_in_names_is_text()
    {
        DrawnFigure drawn = Accuracy(
            [Row("a<b>&\"c\"", 1, .5), Row("a<b>&\"c\"", 2, .5)], new FigureFacts("<script> & more", "<m>", [Pool("think")]));

        Assert.That(drawn.Root.Elements().First().Value, Is.EqualTo("<script> & more"));
        Assert.That(drawn.Panels.Single().Labels, Is.EqualTo(new[] { "a<b>&\"c\"" }));
    }

    [Test]
    public void Long_texts_are_cut_in_the_drawing_and_whole_in_title_and_description()
    {
        string title = string.Concat(Enumerable.Repeat("a long title ", 12)), name = string.Concat(Enumerable.Repeat("long-", 30));

        DrawnFigure drawn = Accuracy([Row(name, 1, .5), Row(name, 2, .5)], new FigureFacts(title, "m", [Pool("think")]));

        Assert.That(drawn.Root.Elements().First().Value, Is.EqualTo(title));
        Assert.That(drawn.Texts("title").Single(), Has.Length.LessThan(title.Length).And.EndsWith("…"));
        Assert.That(drawn.Panels.Single().Labels.Single(), Has.Length.LessThan(name.Length).And.EndsWith("…"));
        Assert.That(drawn.Root.Elements().Single(part => part.Name.LocalName == "desc").Value, Does.Contain(name));
    }

    static DrawnFigure Accuracy(IReadOnlyList<AccuracyRow> rows, FigureFacts? facts = null) =>
        new(ExperimentFigures.AccuracyAgainstMultiplier(rows, facts ?? Facts("think", "direct", "greedy"))!.Svg);
}
