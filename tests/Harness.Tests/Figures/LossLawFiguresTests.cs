extern alias Builtin;

using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

/// <summary>A law of losses: models by their operations, models of equal operations, and what the law leaves.</summary>
sealed class LossLawFiguresTests
{
    static readonly double[] Flops = [1e9, 2e9, 4e9];

    static LossLawShown Shown(int sizes, int budgets) => new(
        "chinchilla; all parameters count",
        [
            .. Enumerable.Range(1, sizes).Select(size => new SizeCurve(
                1000 * size, [.. Flops.Select(flops => size * flops)], [3, 2.5, 2.2], [3.1, 2.5, 2.1])),
        ],
        [
            .. Enumerable.Range(1, budgets).Select(budget => new BudgetCurve(
                budget * 1e9, [1000, 2000, 3000], [3, 2.5, 2.7], [(1000, 3.1), (2000, 2.4), (3000, 2.8)])),
        ],
        [(1e9, 3), (1e10, 2)]);

    static Dictionary<string, DrawnFigure> Draw(int sizes, int budgets) =>
        LossLawFigures.Draw("demo", Shown(sizes, budgets)).ToDictionary(figure => figure.FileName, figure => new DrawnFigure(figure.Svg));

    [Test]
    public void Sizes_share_panels_in_threes_each_with_the_line_of_the_best_size()
    {
        DrawnPanel[] panels = [.. Draw(5, 0)["laws-compute.svg"].Panels];
        Assert.That(panels.Select(panel => panel.Texts("heading").Single()),
            Is.EqualTo(new[] { "1,000 to 3,000 parameters", "4,000 to 5,000 parameters" }));
        Assert.That(panels[1].Texts("label"),
            Is.EquivalentTo(new[] { "best size (law)", "4,000 parameters", "5,000 parameters" }));
        Assert.That(panels[1].Texts("facts"), Is.EqualTo(new[] { "chinchilla; all parameters count" }));
        Assert.That(panels[0].Markers.Count(), Is.EqualTo(9), "a marker each model, none for the law");
    }

    [Test]
    public void Models_that_no_law_was_fitted_to_have_their_name()
    {
        LossLawShown shown = Shown(2, 0);
        SizeCurve beside = new(1500, Flops, [3, 2.5, 2.2], [3.1, 2.5, 2.1], "mixture");
        Figure figure = LossLawFigures.Draw("demo", shown with { Sizes = [.. shown.Sizes, beside] })[0];
        DrawnPanel panel = new DrawnFigure(figure.Svg).Panels.Single();
        Assert.That(panel.Texts("label"),
            Is.EquivalentTo(new[] { "best size (law)", "1,000 parameters", "2,000 parameters", "mixture (1,500, not fitted)" }));
    }

    [Test]
    public void Models_of_equal_operations_share_panels_in_fours()
    {
        DrawnPanel[] panels = [.. Draw(3, 5)["laws-isoflop.svg"].Panels];
        Assert.That(panels.Select(panel => panel.Texts("heading").Single()), Is.EqualTo(new[] { "1e9 FLOP to 4e9 FLOP", "5e9 FLOP" }));
        Assert.That(panels[0].Markers.Count(), Is.EqualTo(12));
    }

    [Test]
    public void Where_no_budget_is_shared_there_are_no_curves_of_equal_operations() =>
        Assert.That(Draw(2, 0).Keys, Is.EquivalentTo(new[] { "laws-compute.svg", "laws-residuals.svg" }));

    [Test]
    public void Residuals_are_the_law_less_the_loss()
    {
        DrawnPanel panel = Draw(1, 0)["laws-residuals.svg"].Panels.Single();
        double[] heights = [.. panel.Markers.OrderBy(marker => marker.Bounds.Left).Select(marker => marker.Bounds.Top)];
        Assert.That(heights[0], Is.LessThan(heights[1]), "+0.1 stands above 0");
        Assert.That(heights[2], Is.GreaterThan(heights[1]), "-0.1 below");
        Assert.That(heights[1] - heights[0], Is.EqualTo(heights[2] - heights[1]).Within(0.2));
    }

    [Test]
    public void All_names_are_known() => Assert.That(Draw(3, 1).Keys, Is.EquivalentTo(LossLawFigures.Names));
}
