using Harness.Statistics.Laws;

namespace Harness.Tests.Statistics.Laws;

[TestFixture]
sealed class IsoFlopCurveTests
{
    /// <summary>Losses that are straight in ln C, so that nothing is lost between two budgets.</summary>
    static (double, double[], double[]) Size(double parameters, params double[] flops) =>
        (parameters, flops, [.. flops.Select(each => 100 - Math.Log(each) + parameters)]);

    [Test]
    public void Losses_between_budgets_are_straight_in_the_logarithm()
    {
        IReadOnlyList<IsoFlopCurve> curves = IsoFlopCurve.Of([Size(30, 900, 100), Size(10, 50, 200, 450), Size(20, 150, 700)]);
        Assert.That(curves.Select(curve => curve.Flops), Is.EqualTo(new[] { 200.0 }), "all three reach 150 to 450");
        Assert.That(curves[0].Parameters, Is.EqualTo(new[] { 10.0, 20, 30 }));
        Assert.That(curves[0].Losses, Is.EqualTo(new[] { 10.0, 20, 30 }.Select(size => 100 - Math.Log(200) + size)).Within(1e-12));
    }

    [Test]
    public void Three_sizes_are_needed_and_a_budget_of_their_own_for_each()
    {
        Assert.That(IsoFlopCurve.Of([Size(1, 10, 1000), Size(2, 10, 1000)]), Is.Empty);
        Assert.That(IsoFlopCurve.Of([Size(1, 10, 1000), Size(2, 10, 1000), Size(3, 100)]), Is.Empty, "one budget is no curve");
        Assert.That(IsoFlopCurve.Of([Size(1, 10, 1000), Size(2, 10, 1000), Size(3, 10, 1000)]).Select(curve => curve.Flops),
            Is.EqualTo(new[] { 10.0, 20, 50, 100, 200, 500, 1000 }));
    }

    [Test]
    public void Points_are_those_of_all_curves()
    {
        LawData data = IsoFlopCurve.Points([new(10, [1, 2, 3], [6, 5, 7]), new(20, [2, 3, 4], [4, 3, 5])]);
        Assert.That(data.Inputs[0], Is.EqualTo(new[] { 10.0, 10, 10, 20, 20, 20 }));
        Assert.That(data.Inputs[1], Is.EqualTo(new[] { 1.0, 2, 3, 2, 3, 4 }));
        Assert.That(data.Outputs, Is.EqualTo(new[] { 6.0, 5, 7, 4, 3, 5 }));
    }
}
