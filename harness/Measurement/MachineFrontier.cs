using Harness.Records;
using Harness.Statistics;

namespace Harness.Measurement;

/// <summary>
/// The frontier in seconds and joules of one machine: that in tokens, at the rate of the largest batch that was measured. What is best for
/// so many tokens is best for the time that they take.
/// </summary>
static class MachineFrontier
{
    public const string Seconds = "seconds", Joules = "joules";

    /// <summary>None where the frontier is not known in tokens, or nothing was measured; joules only where a meter counted them.</summary>
    public static IReadOnlyList<FrontierRow> Of(IReadOnlyList<FrontierRow> frontier, IReadOnlyList<ThroughputRow> measured)
    {
        FrontierRow[] tokens = [.. frontier.Where(row => row.Unit == FrontierRow.Tokens)];
        if (measured.MaxBy(row => row.Batch) is not { TokensPerSecond: > 0 } fastest)
            return [];
        return
        [
            .. tokens.Select(row => Scaled(row, Seconds, 1 / fastest.TokensPerSecond)),
            .. fastest.JoulesPerToken is { } joules ? tokens.Select(row => Scaled(row, Joules, joules)) : [],
        ];
    }

    static FrontierRow Scaled(FrontierRow row, string unit, double factor) => row with
    {
        Unit = unit,
        Budget = SignificantDigits.Round(row.Budget * factor),
        Cost = SignificantDigits.Round(row.Cost * factor),
        CostOfPass = SignificantDigits.Round(row.CostOfPass * factor),
    };
}
