using System.Text.Json;
using Harness.Tasks.Files;

namespace Harness.Engines.Recorded;

/// <summary>One JSON object a line, a line a sample.</summary>
sealed class JsonLinesFormat : IRecordedFormat
{
    public string Name => "jsonl";

    public string Summary => "one JSON object a line, a line a sample, whose fields the pool may name";

    public bool HasNamedFields => true;

    public IReadOnlyList<RecordedSample> Read(RecordedFile file, RecordedFields fields, string pool, string? stated) =>
        JsonLines.Read(file.Bytes, file.Path, record => new NamedFields(
            file, record.Line, fields, name => record.Optional(name) is not null, name => Text(record, name),
            record.Root.EnumerateObject().Select(property => property.Name)).Sample());

    static string? Text(JsonRecord record, string name) => record.Optional(name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } value => value.GetRawText(),
        _ => throw record.Bad($"field '{name}' is neither a text, a number, true nor false"),
    };
}
