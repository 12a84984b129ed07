using Harness.Diagnostics;
using Harness.Records;

namespace Harness.Engines.Recorded;

/// <summary>A CSV file with a header, a row a sample.</summary>
sealed class CsvFormat : IRecordedFormat
{
    public string Name => "csv";

    public string Summary => "a CSV file with a header, a row a sample, whose fields the pool may name";

    public bool HasNamedFields => true;

    public IReadOnlyList<RecordedSample> Read(RecordedFile file, RecordedFields fields, string pool, string? stated) =>
        CsvText.Parse(file.Bytes, file.Path, Codes.DataCorrupt, skipsEmptyLines: true, csv =>
        {
            string[] names = [.. csv.Headers ?? []];
            List<RecordedSample> samples = [];
            while (csv.Read())
            {
                NamedFields record = new(
                    file, (int)csv.LineNumber, fields, names.Contains,
                    name => csv.GetString(Array.IndexOf(names, name)) is { Length: > 0 } stated ? stated : null, names);
                samples.Add(record.Sample());
            }
            return samples;
        });
}
