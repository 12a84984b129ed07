using System.Text.Json.Nodes;
using Harness.Statistics.Laws;
using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>Attributes that every strategy has. What belongs to one alone: its definition's options.</summary>
public static class StrategyAttributes
{
    public static AttributeDefinition<BoundStrategy, string> Name { get; } = new()
    {
        Name = "Include",
        Summary = "Which strategy",
        Values = "a strategy's name",
        Key = KeyPart.Analysis,
        KeyName = "name",
        Fallback = "",
        Describe = strategy => strategy.Definition.Name,
    };

    public static AttributeDefinition<BoundStrategy, string> Pool { get; } = new()
    {
        Name = "Pool",
        Summary = "The pool that it reads",
        Values = "a name among the manifest's pools",
        Key = KeyPart.Analysis,
        KeyName = "pool",
        Fallback = "",
        Describe = strategy => strategy.Pool.Name,
    };

    public static AttributeDefinition<BoundStrategy, IReadOnlyList<int>> Multipliers { get; } =
        AttributeKinds.Integers<BoundStrategy>(
            "Multipliers", "How many times the compute of one sample is spent; each is a row of accuracy.csv", KeyPart.Analysis,
            strategy => strategy.Multipliers, 1, 1) with
        {
            KeyName = "multipliers",
        };

    public static AttributeDefinition<BoundStrategy, string?> Verifier { get; } = new()
    {
        Name = "Verifier",
        Summary = "What scores the samples, for a strategy that reads a score",
        Values = "a verifier's name, or the folder of a reward model, looked for as Model is",
        DefaultSays = "the first verifier, for a strategy that reads one",
        Key = KeyPart.Analysis,
        KeyName = "verifier",
        Fallback = null,
        Describe = strategy => strategy.Verifier is RewardModel model ? model.Path : strategy.Verifier?.Name,
    };

    public static AttributeDefinition<BoundStrategy, StepReward> Reward { get; } = new()
    {
        Name = "Reward",
        Summary = "Of a verifier that judges steps, which of their rewards an answer has: the last one's, the lowest, or the product",
        Values = "last, min, product",
        Default = "last",
        Key = KeyPart.Analysis,
        KeyName = "reward",
        Fallback = StepReward.Last,
        Read = values => Enum.Parse<StepReward>(values.Choice("Reward", ["last", "min", "product"]) ?? "last", ignoreCase: true),
        Describe = strategy => ((RewardModel)strategy.Verifier!).Of.ToString().ToLowerInvariant(),
        IsLeftOut = strategy => strategy.Verifier is not RewardModel,
    };

    public static AttributeDefinition<BoundStrategy, IReadOnlyList<ILaw>> Laws { get; } = new()
    {
        Name = "Laws",
        Summary = "Scaling laws that are fitted to it, each a block of fits.csv",
        Values = "names of laws, separated by ;",
        DefaultSays = "none",
        Key = KeyPart.Analysis,
        KeyName = "laws",
        Fallback = [],
        Describe = strategy => new JsonArray([.. strategy.Laws.Select(law => (JsonNode)law.Name)]),
        IsLeftOut = strategy => strategy.Laws.Count == 0,
    };

    public static AttributeDefinition<BoundStrategy, IntervalKind> Interval { get; } = new()
    {
        Name = "Interval",
        Summary = "bayes: beside the bootstrap's interval, that of the rate's posterior distribution, for few problems",
        Values = "bootstrap, bayes",
        Default = "bootstrap",
        Key = KeyPart.Analysis,
        KeyName = "interval",
        Fallback = IntervalKind.Bootstrap,
        Read = values => values.Choice("Interval", ["bootstrap", "bayes"]) == "bayes" ? IntervalKind.Bayes : IntervalKind.Bootstrap,
        Describe = strategy => strategy.Interval.ToString().ToLowerInvariant(),
        IsLeftOut = strategy => strategy.Interval == IntervalKind.Bootstrap,
    };

    /// <summary>A strategy that is told nothing.</summary>
    public static IReadOnlyDictionary<string, int> NoOptions { get; } = new Dictionary<string, int>();

    /// <summary>What the definition's options say, together.</summary>
    static AttributeDefinition<BoundStrategy, IReadOnlyDictionary<string, int>> Options { get; } = new()
    {
        Name = "the strategy's own attributes",
        Summary = "See the strategy",
        Values = "see the strategy",
        DefaultSays = "see the strategy",
        Key = KeyPart.Analysis,
        KeyName = "options",
        Fallback = NoOptions,
        Describe = strategy => new JsonObject(strategy.Options.OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => KeyValuePair.Create(option.Key, (JsonNode?)option.Value))),
    };

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<BoundStrategy>> All { get; } =
        [Name, Pool, Multipliers, Verifier, Reward, Laws, Interval];

    internal static JsonObject Describe(BoundStrategy strategy) => ManifestKeys.Members(strategy, [.. All, Options]);
}
