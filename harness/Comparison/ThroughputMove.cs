using Harness.Measurement;
using Harness.Records;

namespace Harness.Comparison;

/// <summary>
/// The speed of one setting on one machine, as two committed measurements have it. They were made at two times and not in turns, so no
/// test can tell a change of the program from one of the machine's state: their spreads are all that is compared.
/// </summary>
/// <param name="Setting">All that decides the rate, in words.</param>
/// <param name="Before">Tokens/s: the median over runs is compared.</param>
/// <param name="After">As <paramref name="Before"/>.</param>
public sealed record ThroughputMove(string Machine, string Setting, ThroughputRow Before, ThroughputRow After)
{
    /// <summary>Of the medians, after over before.</summary>
    public double Ratio => After.TokensPerSecond / Before.TokensPerSecond;

    /// <summary>Whether each median lies outside what the runs of the other measurement reached.</summary>
    public bool IsOutsideBothSpreads => !IsWithin(After.TokensPerSecond, Before) && !IsWithin(Before.TokensPerSecond, After);

    /// <summary>Of the machines that both sides have, where something was measured anew.</summary>
    public static IReadOnlyList<ThroughputMove> Of(ExperimentFiles before, ExperimentFiles after) =>
    [
        .. before.Machines.Intersect(after.Machines)
            .SelectMany(machine => Of(machine, before.Throughput(machine), after.Throughput(machine))),
    ];

    static IEnumerable<ThroughputMove> Of(string machine, IReadOnlyList<ThroughputRow> before, IReadOnlyList<ThroughputRow> after)
    {
        if (before.SequenceEqual(after))
            yield break;
        foreach (ThroughputRow old in before)
        {
            string setting = MeasuredRates.SettingOf(old);
            if (after.FirstOrDefault(row => MeasuredRates.SettingOf(row) == setting) is { } now)
                yield return new ThroughputMove(machine, setting, old, now);
        }
    }

    static bool IsWithin(double rate, ThroughputRow spread) => rate >= spread.TokensPerSecondLow && rate <= spread.TokensPerSecondHigh;
}
