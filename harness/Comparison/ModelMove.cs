using Harness.Records;
using Harness.Reports;

namespace Harness.Comparison;

/// <summary>A model that was trained otherwise on the two sides.</summary>
/// <param name="Difference">The first, in words.</param>
public sealed record ModelMove(string Model, string Difference)
{
    /// <summary>By the rows of training.csv; a step that only one side has is a difference too.</summary>
    public static IReadOnlyList<ModelMove> Of(IReadOnlyList<TrainingRow> before, IReadOnlyList<TrainingRow> after)
    {
        ILookup<string, TrainingRow> old = before.ToLookup(row => row.Model), now = after.ToLookup(row => row.Model);
        return
        [
            .. old.Select(model => model.Key).Union(now.Select(model => model.Key))
                .Select(model => First([.. old[model]], [.. now[model]]) is { } difference ? new ModelMove(model, difference) : null)
                .OfType<ModelMove>(),
        ];
    }

    static string? First(TrainingRow[] before, TrainingRow[] after)
    {
        if (before.Length == 0 || after.Length == 0)
            return $"only in {(after.Length == 0 ? "A" : "B")}";
        Dictionary<int, TrainingRow> now = after.ToDictionary(row => row.Step);
        foreach (TrainingRow row in before)
        {
            if (!now.TryGetValue(row.Step, out TrainingRow? other))
                return $"step {CsvFields.Write(row.Step)} has a row only in A";
            if (TrainingTable.Csv.FirstDifference(row, other) is { } difference)
                return $"step {CsvFields.Write(row.Step)}: {difference}";
        }
        return after.Length > before.Length ? $"{NumberText.Count(after.Length - before.Length, "more row")} in B" : null;
    }
}
