using CsvHelper;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>
/// Rows to and from the one CSV form of the project: UTF-8, line feeds, columns in declared order, floats in their shortest
/// round-trip form, -0 written 0.
/// </summary>
/// <param name="read">
/// The row of a record; it throws <see cref="FormatException"/> where a field is wrong, <see cref="KeyNotFoundException"/> where the header
/// lacks a column.
/// </param>
public sealed class CsvTable<TRow>(
    string fileName, IReadOnlyList<(string Name, Func<TRow, string> Write)> columns, Func<CsvFields, TRow> read)
{
    static readonly CsvWriterOptions Writing = new() { NewLine = "\n" };

    public string FileName => fileName;

    public IReadOnlyList<string> Columns { get; } = [.. columns.Select(column => column.Name)];

    /// <summary>The first column in which two rows differ, with both values; null where they are written alike.</summary>
    /// <param name="old">What was written.</param>
    /// <param name="now">What is written now.</param>
    /// <param name="among">The columns that are looked at; null for all.</param>
    /// <param name="areAlike">Whether two different texts of a column count as one value; null where none do.</param>
    public string? FirstDifference(TRow old, TRow now, IReadOnlySet<string>? among = null, Func<string, string, bool>? areAlike = null)
    {
        foreach ((string name, Func<TRow, string> write) in columns.Where(column => among?.Contains(column.Name) ?? true))
        {
            (string before, string after) = (write(old), write(now));
            if (before != after && areAlike?.Invoke(before, after) is not true)
                return $"{name} was '{before}', is '{after}'";
        }
        return null;
    }

    public byte[] Write(IEnumerable<TRow> rows)
    {
        using MemoryStream bytes = new();
        using (CsvWriter csv = CsvWriter.Create(bytes, Writing, leaveOpen: true))
        {
            csv.WriteHeader([.. Columns]);
            foreach (TRow row in rows)
            {
                foreach ((_, Func<TRow, string> write) in columns)
                    csv.WriteField(write(row));
                csv.EndRecord();
            }
        }
        return bytes.ToArray();
    }

    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> at the line that can't be read;
    /// <see cref="Codes.ResultsMissing"/> where the file is absent.</exception>
    public IReadOnlyList<TRow> Read(string path)
    {
        if (!File.Exists(path))
            throw Codes.ResultsMissing.With($"{Path.GetFileName(path)} is missing", path);
        return Parse(Storage.Reading(path, () => File.ReadAllBytes(path)), path);
    }

    /// <param name="content">The bytes of such a file.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> at the line that can't be read.</exception>
    public IReadOnlyList<TRow> Parse(byte[] content, string path)
    {
        long line = 1;
        try
        {
            return CsvText.Parse(content, path, Codes.ResultsCorrupt, skipsEmptyLines: false, csv =>
            {
                IReadOnlyDictionary<string, int> places = PlacesOf(csv.Headers ?? []);
                List<TRow> rows = [];
                while (csv.Read())
                {
                    line = csv.LineNumber;
                    rows.Add(read(new CsvFields(csv, places)));
                }
                return rows;
            });
        }
        catch (KeyNotFoundException absent)
        {
            throw Codes.ResultsCorrupt.With(absent.Message, path, 1, 1, absent);
        }
        catch (FormatException bad)
        {
            throw Codes.ResultsCorrupt.With(bad.Message, path, (int)line, 1, bad);
        }
    }

    /// <summary>Where each column stands. Columns that this table does not have are allowed: files of other schemas have them.</summary>
    static Dictionary<string, int> PlacesOf(IReadOnlyList<string> header)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach ((int place, string name) in header.Index())
        {
            if (!places.TryAdd(name, place))
                throw new FormatException($"the header names the column '{name}' twice");
        }
        return places;
    }
}
