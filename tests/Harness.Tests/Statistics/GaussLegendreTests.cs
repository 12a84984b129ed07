using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class GaussLegendreTests
{
    [Test]
    public void Powers_have_their_integrals_up_to_the_degree([Values(0, 1, 2, 3, 8, 19, 64, 400)] int degree)
    {
        GaussLegendre rule = GaussLegendre.For(degree);

        Assert.That(rule.Nodes, Has.Length.EqualTo(degree / 2 + 1).And.Ordered.Descending);
        Assert.That(rule.Nodes, Has.All.InRange(0.0, 1.0));
        Assert.That(rule.Weights, Has.All.Positive);
        for (int power = 0; power <= degree; power++)
        {
            double integral = rule.Nodes.Zip(rule.Weights, (node, weight) => weight * Math.Pow(node, power)).Sum();
            Assert.That(integral * (power + 1), Is.EqualTo(1).Within(1e-12), $"power {power}");
        }
    }

    /// <summary>Abramowitz and Stegun, table 25.4, on [0, 1].</summary>
    [Test]
    public void Three_nodes_are_the_published_ones()
    {
        GaussLegendre rule = GaussLegendre.For(5);

        Assert.That(rule.Nodes, Is.EqualTo(new[] { 0.887298334620742, 0.5, 0.112701665379258 }).Within(1e-15));
        Assert.That(rule.Weights, Is.EqualTo(new[] { 5 / 18.0, 8 / 18.0, 5 / 18.0 }).Within(1e-15));
    }
}
