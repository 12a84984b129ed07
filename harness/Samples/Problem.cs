namespace Harness.Samples;

/// <summary>One question of a task.</summary>
public sealed record Problem
{
    /// <summary>0-based place in the task; names the random stream of its samples.</summary>
    public required int Index { get; init; }

    /// <summary>The task's own scale; 0 where it has none.</summary>
    public required int Difficulty { get; init; }

    public required string Question { get; init; }

    /// <summary>The right answer as the data gives it, or one of them.</summary>
    public required string Answer { get; init; }
}
