extern alias Builtin;

using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

[TestFixture]
sealed class AxisScaleTests
{
    [TestCase(100, "0 20 40 60 80 100")]
    [TestCase(96, "0 20 40 60 80 100")]
    [TestCase(43, "0 10 20 30 40 50")]
    [TestCase(2.4, "0 0.5 1 1.5 2 2.5")]
    [TestCase(1.1, "0 0.2 0.4 0.6 0.8 1 1.2")]
    [TestCase(.03, "0 0.01 0.02 0.03")]
    [TestCase(12600, "0 5,000 10,000 15,000")]
    [TestCase(0, "0 0.2 0.4 0.6 0.8 1")]
    [TestCase(double.NaN, "0 0.2 0.4 0.6 0.8 1")]
    public void Linear_axis_starts_at_zero_and_ends_on_a_round_number(double max, string labels)
    {
        AxisScale axis = AxisScale.FromZero("y", max);

        Assert.That(string.Join(' ', axis.Ticks.Select(tick => tick.Label)), Is.EqualTo(labels));
        Assert.That(axis.Low, Is.LessThan(0));
        Assert.That(axis.High, Is.GreaterThan(double.IsNaN(max) ? 0 : max));
    }

    [TestCase(-6, 6, "-6 -4 -2 0 2 4 6")]
    [TestCase(51.9, 58.8, "50 52 54 56 58 60")]
    [TestCase(-.3, -.1, "-0.3 -0.25 -0.2 -0.15 -0.1")]
    [TestCase(7, 7, "7 7.2 7.4 7.6 7.8 8")]
    public void Linear_axis_between_two_values_has_round_ends(double min, double max, string labels)
    {
        AxisScale axis = AxisScale.Between("y", min, max);

        Assert.That(string.Join(' ', axis.Ticks.Select(tick => tick.Label)), Is.EqualTo(labels));
        Assert.That(axis.Low, Is.LessThan(min));
        Assert.That(axis.High, Is.GreaterThan(max));
    }

    [TestCase("1 2 4 8 16 32 64", 200, "1 2 4 8 16 32 64")]
    [TestCase("64 1 8 1", 200, "1 8 64")]
    [TestCase("1 3 9 27", 200, "1 3 9 27")]
    [TestCase("5", 200, "5")]
    [TestCase("1 10000", 200, "1 10,000")]
    [TestCase("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", 150, "1 2 4 8 12 20")]
    public void Axis_of_budgets_has_a_tick_at_each_that_the_data_have(string values, double pixels, string labels)
    {
        int[] budgets = [.. values.Split(' ').Select(int.Parse)];

        AxisScale axis = AxisScale.AtValues("k", budgets, pixels);

        Assert.That(
            axis.Ticks.Select(tick => tick.Position), Is.EqualTo(budgets.Distinct().Order().Select(k => Math.Log10(k))).Within(1e-12));
        Assert.That(Labels(axis), Is.EqualTo(labels));
        Assert.That(axis.Low, Is.LessThan(Math.Log10(budgets.Min())));
        Assert.That(axis.High, Is.GreaterThan(Math.Log10(budgets.Max())));
    }

    [TestCase(150)]
    [TestCase(300)]
    [TestCase(700)]
    public void Labels_of_ticks_never_touch(double pixels)
    {
        AxisScale[] axes =
        [
            AxisScale.AtValues("k", Enumerable.Range(1, 100), pixels),
            AxisScale.AtValues("k", Enumerable.Range(0, 20).Select(i => 1 << i), pixels),
            .. new[] { .1, .5, 1, 2, 5, 12 }.Select(span => AxisScale.PowersOfTen("flop", 10.9, 10.9 + span, pixels)),
        ];

        foreach (AxisScale axis in axes)
        {
            AxisTick[] labelled = [.. axis.Ticks.Where(tick => tick.Label.Length > 0)];
            Assert.That(labelled, Has.Length.GreaterThan(1));
            foreach ((AxisTick left, AxisTick right) in labelled.Zip(labelled.Skip(1)))
            {
                double apart = (right.Position - left.Position) / (axis.High - axis.Low) * pixels;
                double halves = (TextWidth.Of(left.Label, AxisScale.FontSize) + TextWidth.Of(right.Label, AxisScale.FontSize)) / 2;
                Assert.That(apart, Is.GreaterThan(halves), $"{left.Label} {right.Label}");
            }
        }
    }

    [TestCase(4e6, 7e9, "10⁷ 10⁸ 10⁹")]
    [TestCase(4e7, 7e9, "5×10⁷ 10⁸ 2×10⁸ 5×10⁸ 10⁹ 2×10⁹ 5×10⁹")]
    [TestCase(4.1e7, 4.1e7, "3×10⁷ 4×10⁷ 5×10⁷ 6×10⁷ 7×10⁷ 8×10⁷")]
    [TestCase(1e-2, 1e1, "10⁻² 10⁻¹ 1 10")]
    public void Axis_of_operations_is_labelled_at_powers_of_ten_or_finer(double min, double max, string labels)
    {
        AxisScale axis = AxisScale.PowersOfTen("flop", Math.Log10(min), Math.Log10(max), 700);

        Assert.That(Labels(axis), Is.EqualTo(labels).Or.EqualTo("2×10⁷ " + labels));
    }

    [Test]
    public void Ticks_lie_where_their_labels_say()
    {
        AxisScale axis = AxisScale.PowersOfTen("flop", 5.2, 9.9, 700);

        Assert.That(axis.Ticks.Single(tick => tick.Label == "10⁸").Position, Is.EqualTo(8));
        Assert.That(axis.Ticks.Count(tick => tick.Label.Length == 0), Is.GreaterThan(30));
        Assert.That(axis.Ticks, Is.All.Matches<AxisTick>(tick => tick.Position >= axis.Low && tick.Position <= axis.High));
    }

    static string Labels(AxisScale axis) => string.Join(' ', axis.Ticks.Select(tick => tick.Label).Where(label => label.Length > 0));
}
