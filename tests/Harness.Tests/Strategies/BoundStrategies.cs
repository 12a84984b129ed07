using Harness.Manifests;
using Harness.Registry;
using Harness.Strategies;

namespace Harness.Tests.Strategies;

/// <summary>Strategies as the manifest's reader gives them, every option at its default.</summary>
static class BoundStrategies
{
    public static PoolManifest Pool { get; } = new()
    {
        Name = "think",
        Task = TaskRegistry.Find("sum"),
        Prompt = "think",
        Difficulties = [3, 5],
        Problems = 40,
        Samples = 8,
        Temperature = 1,
        TopK = 0,
        TopP = 1,
        MinP = 0,
        MaxTokens = 64,
        StopStrings = [],
        TaskOptions = new Dictionary<string, string>(),
    };

    public static StrategyManifest Over(PoolManifest pool, string name, params int[] multipliers)
    {
        PooledStrategyDefinition definition = StrategyRegistry.Pooled.First(strategy => strategy.Name == name);
        StrategySettings settings = StrategySettings.Default(definition, VerifierRegistry.Default);
        return new StrategyManifest
        {
            Definition = definition,
            Strategy = definition.Create(settings),
            Pool = pool,
            Multipliers = multipliers,
            Verifier = settings.Verifier,
            Options = settings.Options,
        };
    }
}
