using Harness.Records;

namespace Harness.Manifests;

/// <summary>Attributes of a gate: what results must come to.</summary>
public static class GateAttributes
{
    const int MostSamples = 1_000_000;

    public static AttributeDefinition<GateManifest, string> Name { get; } = new()
    {
        Name = "Include",
        Summary = "What messages call it",
        Values = "a name of your own",
        Key = KeyPart.None,
        Fallback = "",
        Read = values => values.Required("Include"),
        Describe = gate => gate.Name,
    };

    public static AttributeDefinition<GateManifest, GateMetric> Metric { get; } = new()
    {
        Name = "Metric",
        Summary = "What it looks at",
        Values = string.Join(", ", GateMetrics.Names),
        Key = KeyPart.None,
        Fallback = GateMetric.Accuracy,
        Read = values => GateMetrics.Of(values.Choice("Metric", GateMetrics.Names) ?? values.Required("Metric")),
        Describe = gate => GateMetrics.NameOf(gate.Metric),
    };

    public static AttributeDefinition<GateManifest, string?> Pool { get; } = AttributeKinds.Text<GateManifest>(
        "Pool", "The pool whose samples it looks at", KeyPart.None, gate => gate.Pool?.Name, "a name among the manifest's pools", null,
        "required, but of tokens_per_second");

    public static AttributeDefinition<GateManifest, string?> Strategy { get; } = AttributeKinds.Text<GateManifest>(
        "Strategy", "The strategy over that pool", KeyPart.None, gate => gate.Strategy?.Name, "a strategy of the manifest", null,
        "required of accuracy, tokens and flops");

    public static AttributeDefinition<GateManifest, int> Multiplier { get; } = AttributeKinds.Integer<GateManifest>(
        "Multiplier", "Which of its multipliers", KeyPart.None, gate => gate.Multiplier, 1, MostSamples, null, "its largest");

    public static AttributeDefinition<GateManifest, string?> Difficulty { get; } = AttributeKinds.Text<GateManifest>(
        "Difficulty", "Which of the pool's difficulties", KeyPart.None, gate => gate.Difficulty, "a difficulty, or all",
        AccuracyRow.AllDifficulties);

    public static AttributeDefinition<GateManifest, int> Batch { get; } = AttributeKinds.Integer<GateManifest>(
        "Batch", "Of tokens_per_second, samples decoded together", KeyPart.None, gate => gate.Batch ?? 0, 1, MostSamples, null,
        "the most that were measured");

    public static AttributeDefinition<GateManifest, double?> Min { get; } = Number(
        "Min", "What the value may not be below", gate => gate.Min, "a number", "no bound");

    public static AttributeDefinition<GateManifest, double?> Max { get; } = Number(
        "Max", "What the value may not be above", gate => gate.Max, "a number", "no bound");

    public static AttributeDefinition<GateManifest, double?> MaxRegression { get; } = Number(
        "MaxRegression",
        "How much worse than Baseline it may be: of accuracy, cut_off and no_answer in their own units, of all else as a share",
        gate => gate.MaxRegression, "a share, such as 5% or 0.05", "nothing is compared");

    public static AttributeDefinition<GateManifest, string?> Baseline { get; } = AttributeKinds.Text<GateManifest>(
        "Baseline", "What MaxRegression compares with; `harness gate --baseline` takes its place", KeyPart.None, gate => gate.Baseline,
        "a commit, tag, branch or folder", "HEAD");

    public static AttributeDefinition<GateManifest, string?> EquivalentTo { get; } = AttributeKinds.Text<GateManifest>(
        "EquivalentTo", "What it must be as good as, neither better nor worse, within Margin", KeyPart.None, gate => gate.EquivalentTo,
        "a commit, tag, branch or folder", null, "nothing is compared");

    public static AttributeDefinition<GateManifest, double?> Margin { get; } = Number(
        "Margin", "Of EquivalentTo, the difference that does not matter", gate => gate.Margin, "a share, such as 1% or 0.01",
        "required with EquivalentTo");

    public static AttributeDefinition<GateManifest, bool?> Strict { get; } = AttributeKinds.Flag<GateManifest>(
        "Strict", "Whether it fails where it cannot tell, which else is a warning", KeyPart.None, gate => gate.IsStrict, "false");

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<GateManifest>> All { get; } =
    [
        Name, Metric, Pool, Strategy, Multiplier, Difficulty, Batch, Min, Max, MaxRegression, Baseline, EquivalentTo, Margin, Strict,
    ];

    static AttributeDefinition<GateManifest, double?> Number(
        string name, string summary, Func<GateManifest, double?> of, string values, string otherwise) => new()
        {
            Name = name,
            Summary = summary,
            Key = KeyPart.None,
            Values = values,
            DefaultSays = otherwise,
            Read = reader => reader.Share(name),
            Fallback = null,
            Describe = gate => of(gate),
        };
}
