namespace Harness.Engines.Recorded;

/// <summary>Every form that a recorded file may have, by its manifest name.</summary>
public static class RecordedFormats
{
    public static IReadOnlyList<IRecordedFormat> All { get; } =
        [new SamplesFormat(), new CsvFormat(), new JsonLinesFormat(), new TreeOfThoughtsFormat()];
}
