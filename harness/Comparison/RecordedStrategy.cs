using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Registry;
using Harness.Strategies;
using Harness.Verifiers;

namespace Harness.Comparison;

/// <summary>A strategy that a run.json names, made with its options and its verifier as this program has them.</summary>
/// <param name="Strategy">Null where this program can't make it.</param>
/// <param name="Verifier">Null for a strategy that reads none.</param>
/// <param name="Refusal">Why it can't be made; empty where it can.</param>
sealed record RecordedStrategy(IPooledStrategy? Strategy, IVerifier? Verifier, string Refusal)
{
    /// <param name="run">A run.json of schema 1 or 2; the former states no options, which then have their defaults.</param>
    public static RecordedStrategy Of(JsonObject run, string pool, string strategy)
    {
        JsonObject? stated = ((run["manifest"] as JsonObject)?["strategies"] as JsonArray)?.OfType<JsonObject>()
            .FirstOrDefault(item => item["pool"]?.ToString() == pool && NameOf(item) == strategy);
        if (stated is null)
            return Refused($"run.json does not name {strategy} over {pool}");
        if (StrategyRegistry.Pooled.FirstOrDefault(known => known.Name == stated["name"]?.ToString()) is not { } definition)
            return Refused($"this program has no strategy '{strategy}'");
        string? named = stated["verifier"]?.ToString();
        IVerifier? verifier = named is null ? VerifierRegistry.Default
            : RewardModelOf(stated) ?? VerifierRegistry.All.FirstOrDefault(known => known.Name == named);
        if (verifier is null)
            return Refused($"this program has no verifier '{named}'");
        StrategySettings settings = StrategySettings.Default(definition, verifier);
        settings = settings with
        {
            Options = settings.Options.ToDictionary(option => option.Key, option => Value(stated["options"], option.Key, option.Value)),
        };
        return new RecordedStrategy(definition.Create(settings), settings.Verifier, "");
    }

    static string NameOf(JsonObject stated) =>
        $"{stated["name"]}{(RewardModelOf(stated) is { } model ? $" by {model.Name}" : "")}";

    static RewardModel? RewardModelOf(JsonObject stated) => stated["verifier"]?.ToString() is { } path && RewardModel.IsPath(path)
        && Enum.TryParse(stated["reward"]?.ToString(), ignoreCase: true, out StepReward of) ? new RewardModel(path, of) : null;

    static RecordedStrategy Refused(string why) => new(null, null, why);

    static int Value(JsonNode? options, string name, int otherwise) =>
        int.TryParse((options as JsonObject)?[name]?.ToString(), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
