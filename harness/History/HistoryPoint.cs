using System.Collections.Immutable;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Records;

namespace Harness.History;

/// <summary>The results of an experiment as a commit that changed them has them, or as the working tree does.</summary>
sealed record HistoryPoint
{
    /// <summary>The whole hash; null of the working tree.</summary>
    public required string? Commit { get; init; }

    /// <summary>Of the commit, as ISO 8601; empty of the working tree.</summary>
    public required string Date { get; init; }

    /// <summary>The first line of the commit's message; empty of the working tree.</summary>
    public required string Subject { get; init; }

    /// <summary>Rows over all difficulties; null where accuracy.csv is not there or can't be read.</summary>
    public IReadOnlyList<AccuracyRow>? Accuracy { get; private init; }

    /// <summary>Whether accuracy.csv is another one than before, or the first.</summary>
    public bool IsEstimatedAnew { get; private init; }

    /// <summary>By machine.</summary>
    public ImmutableSortedDictionary<string, IReadOnlyList<ThroughputRow>> Throughput { get; private init; } =
        ImmutableSortedDictionary<string, IReadOnlyList<ThroughputRow>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Machines whose measurements are others than before, or the first.</summary>
    public IReadOnlySet<string> MeasuredAnew { get; private init; } = ImmutableHashSet<string>.Empty;

    /// <summary>Which files can't be read and why; empty where there is nothing to say.</summary>
    public string Refusal { get; private init; } = "";

    /// <summary>All files.</summary>
    public required ExperimentState Files { get; init; }

    /// <summary>Such as "8602fc3", or "worktree".</summary>
    public string Name => Commit is null ? ResultSources.WorkTree : GitRepository.Short(Commit);

    /// <summary>Such as "2026-11-29"; empty of the working tree.</summary>
    public string Day => Date.Split('T')[0];

    /// <summary>Whether a file was written anew that holds what is asked for.</summary>
    public bool Concerns(HistorySelection selection) => (IsEstimatedAnew && selection.HasExact)
        || (MeasuredAnew.Count > 0 && selection.Has(HistoryMetric.TokensPerSecond));

    /// <summary>The same with nothing before it.</summary>
    public HistoryPoint AsFirst() =>
        this with { IsEstimatedAnew = Accuracy is not null, MeasuredAnew = Throughput.Keys.ToImmutableHashSet() };

    /// <summary>Whether a file has numbers that a history follows.</summary>
    public static bool IsRead(string file) => file == AccuracyTable.Csv.FileName || ExperimentState.MachineOf(file) is not null;

    /// <summary>The same with its files read: those that changed, and of the others what was there before.</summary>
    public HistoryPoint Reading(HistoryPoint? before, IReadOnlySet<string> changed)
    {
        List<string> refusals = [];
        HistoryPoint read = this with
        {
            Accuracy = before?.Accuracy,
            Throughput = before?.Throughput ?? Throughput,
            IsEstimatedAnew = changed.Contains(AccuracyTable.Csv.FileName),
            MeasuredAnew = changed.Select(ExperimentState.MachineOf).OfType<string>().ToImmutableHashSet(),
        };
        if (read.IsEstimatedAnew)
        {
            IReadOnlyList<AccuracyRow>? rows = Rows(AccuracyTable.Csv, AccuracyTable.Csv.FileName, refusals, isRequired: true);
            read = read with { Accuracy = rows?.Where(row => row.Difficulty == AccuracyRow.AllDifficulties).ToArray() };
        }
        foreach (string machine in read.MeasuredAnew.Order(StringComparer.Ordinal))
        {
            string file = $"{MachineRecords.Folder}/{machine}/{ThroughputTable.Csv.FileName}";
            IReadOnlyList<ThroughputRow>? rows = Rows(ThroughputTable.Csv, file, refusals, isRequired: false);
            read = read with
            {
                Throughput = rows is null ? read.Throughput.Remove(machine) : read.Throughput.SetItem(machine, rows),
            };
        }
        return read with { Refusal = string.Join("; ", refusals) };
    }

    IReadOnlyList<TRow>? Rows<TRow>(CsvTable<TRow> table, string file, List<string> refusals, bool isRequired)
    {
        try
        {
            if (Files.Read(file) is { } content)
                return table.Parse(content, Files.PathOf(file));
            if (isRequired)
                refusals.Add($"{file} is no longer there");
        }
        catch (HarnessException bad) when (bad.Diagnostic == Codes.ResultsCorrupt)
        {
            refusals.Add($"{file} can't be read: {(bad.Line > 0 ? $"line {bad.Line}: " : "")}{bad.Message}");
        }
        return null;
    }
}
