namespace Harness.Strategies;

/// <summary>A token sequence of one problem that a search extends, forks and scores.</summary>
public abstract class SearchPath
{
    /// <summary>Its place among the paths of its search, as they were opened and forked: the name of its draws.</summary>
    public abstract int Number { get; }

    /// <summary>Tokens after the prompt, those of its ancestors included.</summary>
    public abstract IReadOnlyList<int> Tokens { get; }

    /// <summary>Whether its answer has ended: at an end token, at a stop string of the pool, or at the pool's MaxTokens.</summary>
    public abstract bool IsFinished { get; }
}
