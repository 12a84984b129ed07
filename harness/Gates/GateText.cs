using System.Globalization;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Statistics;

namespace Harness.Gates;

/// <summary>The words of gates.</summary>
static class GateText
{
    /// <summary>What is looked at: "accuracy of majority-vote@64 over think".</summary>
    public static string Subject(GateManifest gate)
    {
        string strategy = gate.Strategy is { } named ? $"{named.Name}@{CsvFields.Write(gate.Multiplier)} over " : "";
        string difficulty = gate.Difficulty == AccuracyRow.AllDifficulties ? "" : $", difficulty {gate.Difficulty}";
        return $"{GateMetrics.NameOf(gate.Metric)}{(gate.Pool is { } pool ? $" of {strategy}{pool.Name}" : "")}{difficulty}";
    }

    /// <summary>"at least 0.4", "from 0.4 to 0.5".</summary>
    public static string Bounds(GateManifest gate) => (gate.Min, gate.Max) switch
    {
        ({ } low, { } high) => $"from {Number(low)} to {Number(high)}",
        ({ } low, null) => $"at least {Number(low)}",
        (null, { } high) => $"at most {Number(high)}",
        _ => "",
    };

    /// <summary>Six significant digits at most.</summary>
    public static string Number(double value) => CsvFields.Write(SignificantDigits.Round(value));

    public static string Accuracy(double value) => NumberText.Fixed(value);

    public static string Between(double low, double high) => $"{Accuracy(low)} to {Accuracy(high)}";

    public static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    public static string Signed(double share) => (share < 0 ? "" : "+") + Percent(share);
}
