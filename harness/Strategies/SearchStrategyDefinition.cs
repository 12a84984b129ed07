namespace Harness.Strategies;

/// <summary>A strategy that searches: it generates for itself, with the task, prompt and decoding of a pool.</summary>
public sealed record SearchStrategyDefinition : StrategyDefinition
{
    readonly IReadOnlyList<OptionDefinition> own = [];

    /// <summary>The attribute of every searching strategy that says how often each problem is searched anew.</summary>
    public static OptionDefinition Replicates { get; } = new()
    {
        Name = "Replicates",
        Summary = "Independent searches of each problem at each multiplier",
        Default = 1,
        Low = 1,
        High = 1_000_000,
    };

    public override string Kind => "search";

    /// <summary>Those that belong to it, after <see cref="Replicates"/>.</summary>
    public override IReadOnlyList<OptionDefinition> Options
    {
        get => [Replicates, .. own];
        init => own = value;
    }

    /// <summary>Makes it with what a manifest says.</summary>
    public required Func<StrategySettings, ISearchStrategy> Create { get; init; }
}
