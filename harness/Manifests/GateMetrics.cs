namespace Harness.Manifests;

/// <summary>The names of metrics in manifests: those of the columns that hold them.</summary>
public static class GateMetrics
{
    static readonly (GateMetric Metric, string Name)[] Named =
    [
        (GateMetric.Accuracy, "accuracy"), (GateMetric.Tokens, "tokens"), (GateMetric.Flops, "flops"), (GateMetric.CutOff, "cut_off"),
        (GateMetric.NoAnswer, "no_answer"), (GateMetric.TokensPerSecond, "tokens_per_second"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Named.Select(pair => pair.Name)];

    public static string NameOf(GateMetric metric) => Named.First(pair => pair.Metric == metric).Name;

    public static GateMetric Of(string name) => Named.First(pair => pair.Name == name).Metric;
}
