namespace Harness.Strategies;

/// <summary>An attribute that belongs to one strategy: a whole number.</summary>
public sealed record OptionDefinition
{
    /// <summary>The attribute's name, such as Subsets.</summary>
    public required string Name { get; init; }

    public required string Summary { get; init; }

    /// <summary>What holds where the manifest says nothing.</summary>
    public required int Default { get; init; }

    /// <summary>Least value that is allowed.</summary>
    public required int Low { get; init; }

    /// <summary>Largest value that is allowed.</summary>
    public int High { get; init; } = int.MaxValue;
}
