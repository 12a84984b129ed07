using System.Text.Json.Nodes;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Records;

namespace Harness.Comparison;

/// <summary>The committed files of one experiment on one side, read.</summary>
public sealed class ExperimentFiles
{
    static readonly string[] Exact =
    [
        SampleTable.Csv.FileName, AccuracyTable.Csv.FileName, ProblemTable.Csv.FileName, RewardTable.Csv.FileName,
        TrainingTable.Csv.FileName,
    ];

    readonly IResultSource source;
    readonly string name;
    readonly Dictionary<string, byte[]> contents;

    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>; <see cref="Codes.ResultsCorrupt"/>.</exception>
    public ExperimentFiles(IResultSource source, string name, ExperimentFiles? other = null)
    {
        this.source = source;
        this.name = name;
        contents = Exact.Select(file => (file, Content: source.Read(name, file))).Where(read => read.Content is not null)
            .ToDictionary(read => read.file, read => read.Content!);
        Run = RunJson.Parse(Required(RunJson.FileName, source.Read(name, RunJson.FileName)), source.PathOf(name, RunJson.FileName));
        Columns = contents.ToDictionary(file => file.Key, file => CsvText.Header(file.Value, source.PathOf(name, file.Key)));
        IsTraining = RunJson.ModelKeysOf(Run).Count > 0;
        Training = IsTraining ? Rows(TrainingTable.Csv, other, other?.Training, isRequired: true) : [];
        Accuracy = IsTraining ? [] : AccuracyTable.Csv.Parse(
            Required(AccuracyTable.Csv.FileName, contents.GetValueOrDefault(AccuracyTable.Csv.FileName)),
            source.PathOf(name, AccuracyTable.Csv.FileName));
        Samples = new SampleFiles(
            Rows(SampleTable.Csv, other, other?.Samples.Samples, isRequired: !IsTraining),
            Rows(ProblemTable.Csv, other, other?.Samples.Problems),
            Rows(RewardTable.Csv, other, other?.Samples.Rewards));
        RequireUnique(AccuracyTable.Csv, Accuracy, row => (row.Pool, row.Strategy, row.Multiplier, row.Difficulty));
        RequireUnique(SampleTable.Csv, Samples.Samples, row => (row.Pool, row.Problem, row.Sample));
        RequireUnique(ProblemTable.Csv, Samples.Problems, row => (row.Pool, row.Problem));
        RequireUnique(RewardTable.Csv, Samples.Rewards, row => (row.Pool, row.Problem, row.Sample, row.Verifier));
    }

    public JsonObject Run { get; }

    /// <summary>The header of a CSV file; empty where it has none such.</summary>
    public IReadOnlyList<string> ColumnsOf(string file) => Columns.GetValueOrDefault(file) ?? [];

    /// <summary>Whether it makes models, and asks none.</summary>
    public bool IsTraining { get; }

    public IReadOnlyList<TrainingRow> Training { get; }

    /// <summary>The header of each CSV file that it has.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; }

    public IReadOnlyList<AccuracyRow> Accuracy { get; }

    /// <summary>What messages call the file of <see cref="Accuracy"/>.</summary>
    public string AccuracyPath => source.PathOf(name, AccuracyTable.Csv.FileName);

    public SampleFiles Samples { get; }

    /// <summary>The token ids of a sample; null where this side no longer has them.</summary>
    public IReadOnlyList<int>? Tokens(SampleRow sample) => source.Tokens(name, sample);

    public IReadOnlyList<string> Machines => source.Machines(name);

    public IReadOnlyList<ThroughputRow> Throughput(string machine)
    {
        string file = $"{MachineRecords.Folder}/{machine}/{ThroughputTable.Csv.FileName}";
        return ThroughputTable.Csv.Parse(Required(file, source.Read(name, file)), source.PathOf(name, file));
    }

    /// <summary>The other side's rows where its file has the same bytes: they are then read once.</summary>
    IReadOnlyList<TRow> Rows<TRow>(CsvTable<TRow> table, ExperimentFiles? other, IReadOnlyList<TRow>? known, bool isRequired = false)
    {
        byte[]? content = contents.GetValueOrDefault(table.FileName);
        if (content is null && !isRequired)
            return [];
        return known is not null && other!.contents.GetValueOrDefault(table.FileName) is { } same && same.AsSpan().SequenceEqual(content)
            ? known
            : table.Parse(Required(table.FileName, content), source.PathOf(name, table.FileName));
    }

    void RequireUnique<TRow, TKey>(CsvTable<TRow> table, IReadOnlyList<TRow> rows, Func<TRow, TKey> keyOf)
        where TKey : notnull
    {
        HashSet<TKey> seen = [];
        foreach (TRow row in rows)
        {
            if (!seen.Add(keyOf(row)))
                throw Codes.ResultsCorrupt.With($"two rows of {keyOf(row)}", source.PathOf(name, table.FileName));
        }
    }

    byte[] Required(string file, byte[]? content) =>
        content ?? throw Codes.ResultsMissing.With($"{Path.GetFileName(file)} is missing", source.PathOf(name, file));
}
