using System.Reflection;
using Harness.Samples;

namespace Harness.Tests.Samples;

[TestFixture]
sealed class CostTests
{
    static readonly Cost Short = new() { PromptTokens = 4, GeneratedTokens = 10, GeneratedFlops = 100, CriticalTokens = 10 };
    static readonly Cost Long = new()
    {
        PromptTokens = 4,
        GeneratedTokens = 30,
        PromptFlops = 40,
        GeneratedFlops = 300,
        CriticalTokens = 30,
    };

    static IEnumerable<PropertyInfo> Parts => typeof(Cost).GetProperties().Where(property => property.CanWrite);

    [Test]
    public void One_after_the_other_adds_the_chains() => Assert.That(Short + Long, Is.EqualTo(
        new Cost { PromptTokens = 8, GeneratedTokens = 40, PromptFlops = 40, GeneratedFlops = 400, CriticalTokens = 40 }));

    [Test]
    public void Side_by_side_waits_for_the_longer_chain_in_either_order()
    {
        Cost both = new() { PromptTokens = 8, GeneratedTokens = 40, PromptFlops = 40, GeneratedFlops = 400, CriticalTokens = 30 };
        Assert.That(Short.Beside(Long), Is.EqualTo(both));
        Assert.That(Long.Beside(Short), Is.EqualTo(both));
    }

    [TestCaseSource(nameof(Parts))]
    public void Every_part_is_added_and_scaled_and_nothing_else_is_touched(PropertyInfo part)
    {
        (Cost three, Cost five) = (Only(part, 3), Only(part, 5));
        Assert.That(three + five, Is.EqualTo(Only(part, 8)));
        Assert.That(three.Beside(five), Is.EqualTo(Only(part, part.Name == nameof(Cost.CriticalTokens) ? 5 : 8)));
        Assert.That(three.Times(0.5), Is.EqualTo(Only(part, 1.5)));
    }

    [TestCaseSource(nameof(Parts))]
    public void Operations_of_every_kind_count(PropertyInfo part) =>
        Assert.That(Only(part, 3).Flops, Is.EqualTo(part.Name.EndsWith("Flops", StringComparison.Ordinal) ? 3 : 0));

    static Cost Only(PropertyInfo part, double value)
    {
        object cost = new Cost();
        part.SetValue(cost, value);
        return (Cost)cost;
    }
}
