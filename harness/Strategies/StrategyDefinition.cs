namespace Harness.Strategies;

/// <summary>
/// A registered strategy: its name in a manifest, what it needs and what it can be told. There are two kinds: functions of a pool
/// (<see cref="PooledStrategyDefinition"/>), and searches, which generate for themselves (<see cref="SearchStrategyDefinition"/>).
/// </summary>
public abstract record StrategyDefinition
{
    /// <summary>The manifest's name for it, such as majority-vote.</summary>
    public required string Name { get; init; }

    /// <summary>One line for `harness list strategies`.</summary>
    public required string Summary { get; init; }

    /// <summary>pool, for a function of a pool, or search.</summary>
    public abstract string Kind { get; }

    /// <summary>The attributes that belong to it.</summary>
    public virtual IReadOnlyList<OptionDefinition> Options { get; init; } = [];

    /// <summary>Whether it counts equal answers, so that the task's right answers must be unique.</summary>
    public bool VotesOnAnswers { get; init; }

    /// <summary>Whether a verifier scores its samples.</summary>
    public bool ReadsVerifier { get; init; }

    /// <summary>Whether its one sample must be the most likely one, so that the pool's temperature has to be 0.</summary>
    public bool NeedsGreedyDecoding { get; init; }

    /// <summary>
    /// Whether it picks the right answer with the task's own checker. Where that checker compares with the right answer, nobody can
    /// deploy the strategy: it is then the upper bound that an oracle would reach.
    /// </summary>
    public bool ReadsChecker { get; init; }

    /// <summary>Whether it is a function of all of a pool's samples and of no fewer: its one multiplier is their number.</summary>
    public bool ReadsAllSamples { get; init; }

    /// <summary>
    /// Whether it tells how a pool's samples stand and returns no answer: then it is no headline, and is not compared with strategies that
    /// return one.
    /// </summary>
    public bool IsMeasure { get; init; }
}

/// <summary>A strategy that is a function of a pool.</summary>
public sealed record PooledStrategyDefinition : StrategyDefinition
{
    public override string Kind => "pool";

    /// <summary>Makes it with what a manifest says.</summary>
    public required Func<StrategySettings, IPooledStrategy> Create { get; init; }
}
