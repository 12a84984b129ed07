namespace Harness.Records;

/// <summary>One row of recorded.csv, in the file's column order: how far the task's own checker agrees with a recorded pool.</summary>
public sealed record RecordedRow
{
    public required string Pool { get; init; }
    public required int Samples { get; init; }

    /// <summary>Samples that the recording says are right; null where it says it of none or not of all.</summary>
    public required int? Right { get; init; }

    /// <summary>Samples that the task judged again; 0 where the pool names no task, or the file has neither texts nor answers.</summary>
    public required int Checked { get; init; }

    /// <summary>Of the checked samples, those that the recording alone calls right.</summary>
    public required int OnlyRecorded { get; init; }

    /// <summary>Of the checked samples, those that the task alone calls right.</summary>
    public required int OnlyChecked { get; init; }

    /// <summary>The first sample on which they disagree, as PROBLEM:SAMPLE of samples.csv; empty where they agree.</summary>
    public required string FirstDisagreement { get; init; }
}
