namespace Harness.Engines.Recorded;

/// <summary>
/// The names that a file's fields have; null where a manifest names none. Then the field of the usual name is read where there is one.
/// </summary>
public sealed record RecordedFields
{
    public string? Problem { get; init; }
    public string? Sample { get; init; }
    public string? Answer { get; init; }
    public string? Correct { get; init; }
    public string? Text { get; init; }
    public string? Tokens { get; init; }
    public string? Logprob { get; init; }

    /// <summary>Whether a manifest names any.</summary>
    public bool IsStated => this != new RecordedFields();
}
