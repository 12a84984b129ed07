using Harness.Registry;
using Harness.Strategies;

namespace Harness.Tests.Registry;

public sealed class StrategyRegistryTests
{
    static IEnumerable<(PooledStrategyDefinition Strategy, OptionDefinition Option)> Options =>
        StrategyRegistry.Pooled.SelectMany(strategy => strategy.Options.Select(option => (strategy, option)));

    [Test]
    public void Names_are_unique_and_written_in_lower_case()
    {
        string[] names = [.. StrategyRegistry.Pooled.Select(strategy => strategy.Name)];
        Assert.That(names, Is.Unique);
        Assert.That(names, Is.All.Match("^[a-z]+(-[a-z]+)*$"));
    }

    [Test]
    public void Every_default_of_an_option_is_a_value_that_a_manifest_may_have()
    {
        Assert.That(Options, Is.Not.Empty);
        foreach ((PooledStrategyDefinition strategy, OptionDefinition option) in Options)
        {
            Assert.That(option.Default, Is.InRange(option.Low, option.High), $"{option.Name} of {strategy.Name}");
            Assert.That(option.Summary, Is.Not.Empty, $"{option.Name} of {strategy.Name}");
        }
    }

    [Test]
    public void Options_of_one_name_mean_the_same_to_every_strategy() =>
        Assert.That(Options.Select(each => each.Option).Distinct().Select(option => option.Name.ToUpperInvariant()), Is.Unique);

    [Test]
    public void Every_strategy_is_made_at_both_ends_of_its_options()
    {
        foreach (PooledStrategyDefinition strategy in StrategyRegistry.Pooled)
        {
            StrategySettings settings = StrategySettings.Default(strategy, VerifierRegistry.Default);
            foreach (Func<OptionDefinition, int> end in new Func<OptionDefinition, int>[] { option => option.Low, option => option.High })
            {
                Dictionary<string, int> values = strategy.Options.ToDictionary(option => option.Name, end);
                IPooledStrategy made = strategy.Create(settings with { Options = values });
                Assert.That(made.SamplesFor(1), Is.EqualTo(1), strategy.Name);
            }
        }
    }
}
