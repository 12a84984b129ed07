namespace Harness.Strategies;

/// <summary>
/// A way to spend k times the compute on a problem that decides while it generates what to generate next: a beam, a tree, a revision.
/// </summary>
public interface ISearchStrategy
{
    /// <summary>How many paths it holds at once at most: opened or forked, and not dropped.</summary>
    int MostPaths(Budget budget);

    /// <summary>
    /// Searches one problem, as the paper has it and without a word of batching. It awaits nothing but its paths, and what it does
    /// depends on nothing else, not on the order in which they end.
    /// </summary>
    Task<SearchAnswer> Solve(ProblemPaths paths, Budget budget);
}
