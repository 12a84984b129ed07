using System.Text;
using System.Text.Json.Nodes;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Records;
using Harness.Reports;

namespace Harness.Pages;

/// <summary>What an experiment's report is made of: its committed files, but for the samples.</summary>
public sealed record CommittedExperiment
{
    const string ReadmeName = "README.md";

    public required string Name { get; init; }

    public required JsonObject Run { get; init; }

    /// <summary>As its run wrote it; null where there is none.</summary>
    public required Report? Readme { get; init; }

    public required IReadOnlyList<AccuracyRow> Accuracy { get; init; }
    public required IReadOnlyList<ComparisonRow> Comparisons { get; init; }
    public required IReadOnlyList<FitRow> Fits { get; init; }
    public required IReadOnlyList<FrontierRow> Frontier { get; init; }
    public required IReadOnlyList<TrainingRow> Training { get; init; }
    public required IReadOnlyList<ModelLawRow> ModelLaws { get; init; }
    public required IReadOnlyList<ModelAccuracyRow> ModelAccuracy { get; init; }
    public required IReadOnlyList<LossPointRow> LossPoints { get; init; }
    public required IReadOnlyList<CalibrationRow> Calibration { get; init; }

    /// <summary>In the order of their names.</summary>
    public required IReadOnlyList<MeasuredMachine> Machines { get; init; }

    /// <summary>Files that were read and are not those that run.json lists.</summary>
    public required IReadOnlyList<string> Moved { get; init; }

    public string Title => Manifest?["title"] is JsonValue title ? title.ToString() : Name;

    public JsonObject? Manifest => Run["manifest"] as JsonObject;

    /// <summary>The manifest's pools.</summary>
    public IReadOnlyList<JsonObject> Pools => Manifest?["pools"] is JsonArray pools ? [.. pools.OfType<JsonObject>()] : [];

    /// <summary>The models that the manifest trains.</summary>
    public IReadOnlyList<JsonObject> Trains => Manifest?["train"] is JsonArray trains ? [.. trains.OfType<JsonObject>()] : [];

    public bool IsRecorded => Pools.Any(pool => pool["recorded"] is not null);

    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; as <see cref="Read"/>.</exception>
    public static CommittedExperiment Find(IResultSource source, string name) => source.Experiments.Contains(name) ? Read(source, name)
        : throw Codes.NoSuchExperiment.With($"{source.Name} has no results of '{name}'{NearestName.Hint(name, source.Experiments)}");

    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>; <see cref="Codes.ResultsCorrupt"/>.</exception>
    public static CommittedExperiment Read(IResultSource source, string name)
    {
        byte[] run = source.Read(name, RunJson.FileName)
            ?? throw Codes.ResultsMissing.With($"{RunJson.FileName} is missing", source.PathOf(name, RunJson.FileName));
        JsonObject read = RunJson.Parse(run, source.PathOf(name, RunJson.FileName));
        IReadOnlyDictionary<string, string> listed = RunJson.OutputsOf(read);
        List<string> moved = [];
        return new CommittedExperiment
        {
            Name = name,
            Run = read,
            Readme = Content(ReadmeName) is { } page ? MarkdownReader.Read(Encoding.UTF8.GetString(page)) : null,
            Accuracy = Rows(AccuracyTable.Csv),
            Comparisons = Rows(ComparisonTable.Csv),
            Fits = Rows(FitTable.Csv),
            Frontier = Rows(FrontierTable.Csv),
            Training = Rows(TrainingTable.Csv),
            ModelLaws = Rows(ModelLawTable.Csv),
            ModelAccuracy = Rows(ModelAccuracyTable.Csv),
            LossPoints = Rows(LossPointTable.Csv),
            Calibration = Rows(CalibrationTable.Csv),
            Machines = [.. source.Machines(name).Select(machine => MachineOf(source, name, machine))],
            Moved = moved,
        };

        IReadOnlyList<TRow> Rows<TRow>(CsvTable<TRow> table) => Content(table.FileName) is { } content
            ? table.Parse(content, source.PathOf(name, table.FileName))
            : [];

        byte[]? Content(string file)
        {
            byte[]? content = source.Read(name, file);
            if (content is not null && listed.TryGetValue(file, out string? hash) && hash != Hashes.OfBytes(content))
                moved.Add(file);
            return content;
        }
    }

    static MeasuredMachine MachineOf(IResultSource source, string name, string machine)
    {
        string table = $"{MachineRecords.Folder}/{machine}/{ThroughputTable.Csv.FileName}",
            facts = $"{MachineRecords.Folder}/{machine}/{MachineRecords.FileName}";
        return new MeasuredMachine(
            machine,
            source.Read(name, facts) is { } content ? RunJson.Parse(content, source.PathOf(name, facts)) : [],
            source.Read(name, table) is { } rows ? ThroughputTable.Csv.Parse(rows, source.PathOf(name, table)) : []);
    }
}
