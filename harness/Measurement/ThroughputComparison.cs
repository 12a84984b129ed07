namespace Harness.Measurement;

/// <summary>One setting measured at two times on machines of one name; rates in tokens/s.</summary>
public sealed record ThroughputChange(string Setting, double Before, double After)
{
    public double Ratio => After / Before;
}

/// <summary>Two files of measurements side by side: the rates of equal settings.</summary>
public sealed class ThroughputComparison
{
    ThroughputComparison(IReadOnlyList<ThroughputChange> changes, IReadOnlyList<string> unmatched)
    {
        Changes = changes;
        Unmatched = unmatched;
    }

    /// <summary>In the order of the earlier file.</summary>
    public IReadOnlyList<ThroughputChange> Changes { get; }

    /// <summary>Settings of one file that the other lacks.</summary>
    public IReadOnlyList<string> Unmatched { get; }

    /// <summary>Each setting occurs once in a list.</summary>
    public static ThroughputComparison Of(IReadOnlyList<MeasuredRate> before, IReadOnlyList<MeasuredRate> after)
    {
        Dictionary<string, double> now = after.ToDictionary(rate => rate.Setting, rate => rate.TokensPerSecond);
        HashSet<string> measured = [.. before.Select(rate => rate.Setting)];
        return new(
            [.. before.Where(rate => now.ContainsKey(rate.Setting))
                .Select(rate => new ThroughputChange(rate.Setting, rate.TokensPerSecond, now[rate.Setting]))],
            [
                .. measured.Where(setting => !now.ContainsKey(setting)),
                .. after.Select(rate => rate.Setting).Where(setting => !measured.Contains(setting)),
            ]);
    }

    /// <summary>Changes to less than <paramref name="least"/> of what was.</summary>
    public IEnumerable<ThroughputChange> Slower(double least) => Changes.Where(change => change.Ratio < least);
}
