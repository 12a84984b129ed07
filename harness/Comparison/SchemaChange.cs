namespace Harness.Comparison;

/// <summary>A CSV file whose columns are others on the other side, or that only one of the two has.</summary>
/// <param name="Removed">Columns, or all of them where the later side lacks the file.</param>
/// <param name="Added">As <paramref name="Removed"/>, of the earlier side.</param>
/// <param name="IsMoved">Whether the same columns stand in another order.</param>
public sealed record SchemaChange(string File, IReadOnlyList<string> Removed, IReadOnlyList<string> Added, bool IsMoved)
{
    /// <summary>By file, in the order of the earlier side.</summary>
    public static IReadOnlyList<SchemaChange> Of(ExperimentFiles before, ExperimentFiles after) =>
    [
        .. before.Columns.Keys.Union(after.Columns.Keys)
            .Select(file => Of(file, before.Columns.GetValueOrDefault(file, []), after.Columns.GetValueOrDefault(file, [])))
            .Where(change => change.IsMoved || change.Removed.Count + change.Added.Count > 0),
    ];

    static SchemaChange Of(string file, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        string[] removed = [.. before.Except(after)], added = [.. after.Except(before)];
        return new SchemaChange(file, removed, added, removed.Length + added.Length == 0 && !before.SequenceEqual(after));
    }
}
