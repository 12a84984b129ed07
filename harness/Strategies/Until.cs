namespace Harness.Strategies;

/// <summary>Where an extension of a path pauses, if the answer has not ended before.</summary>
public sealed record Until
{
    /// <summary>Not before the answer's end.</summary>
    public static Until TheEnd { get; } = new();

    /// <summary>Most tokens that are drawn; 1 or more.</summary>
    public int Tokens { get; init; } = int.MaxValue;

    /// <summary>A text that ends a step, such as a line break: with the token that completes it. Null: none does.</summary>
    public string? Mark { get; init; }
}
