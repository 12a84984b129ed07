using Harness.Records;

namespace Harness.Measurement;

/// <summary>One setting measured at two times on machines of one name.</summary>
/// <param name="Setting">Precision, device, instruction set, threads, batch, prompt and generated tokens.</param>
public sealed record ThroughputChange(string Setting, double Before, double After)
{
    public double Ratio => After / Before;
}

/// <summary>Two throughput.csv side by side: medians of the rows with equal settings.</summary>
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

    public static ThroughputComparison Of(IReadOnlyList<ThroughputRow> before, IReadOnlyList<ThroughputRow> after)
    {
        Dictionary<string, double> now = after.ToDictionary(Setting, row => row.TokensPerSecond);
        HashSet<string> measured = [.. before.Select(Setting)];
        return new(
            [.. before.Where(row => now.ContainsKey(Setting(row))).Select(row => new ThroughputChange(Setting(row), row.TokensPerSecond, now[Setting(row)]))],
            [.. measured.Where(setting => !now.ContainsKey(setting)), .. now.Keys.Where(setting => !measured.Contains(setting))]);
    }

    /// <summary>Changes to less than <paramref name="least"/> of what was.</summary>
    public IEnumerable<ThroughputChange> Slower(double least) => Changes.Where(change => change.Ratio < least);

    static string Setting(ThroughputRow row) =>
        $"{row.Precision} {row.Device} {row.Isa} {row.Threads} threads, batch {row.Batch}, {row.PromptTokens} + {CsvFields.Write(row.TokensPerSample)} tokens";
}
