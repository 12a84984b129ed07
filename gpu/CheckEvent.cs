namespace Gpu;

/// <summary>
/// What a process that runs a part says of it: a line of its output that starts with @. All else that it writes is for people.
/// </summary>
enum CheckEvent
{
    /// <summary>A check runs, and may take so long.</summary>
    Begun,
    Passed,
    Failed,

    /// <summary>Something could not be checked here, which is no failure.</summary>
    Skipped,

    /// <summary>The GPU can't be used at all.</summary>
    Refused,

    /// <summary>The part is over.</summary>
    Ended,
}
