using Harness.Samples;

namespace Harness.Strategies;

/// <summary>
/// The paths of one search of one problem. Each act is awaited; a path that has been dropped, is of another search or has finished is not
/// extended (an exception: the strategy is wrong).
/// </summary>
public abstract class ProblemPaths
{
    public abstract Problem Problem { get; }

    /// <summary>A new path that goes on from the prompt.</summary>
    public abstract Task<SearchPath> Open();

    /// <summary>
    /// Draws tokens with the pool's decoding. Draws are named by the search, the path's number and the token's position, so that tokens do
    /// not depend on where an extension paused, nor on other paths.
    /// </summary>
    public abstract Task Extend(SearchPath path, Until until);

    /// <summary>A new path that begins as this one is now; both go on with draws of their own.</summary>
    public abstract Task<SearchPath> Fork(SearchPath path);

    /// <summary>
    /// Puts tokens at the path's end that were not drawn. What exceeds the pool's MaxTokens is left out, and the path has then finished.
    /// </summary>
    public abstract Task Append(SearchPath path, IReadOnlyList<int> tokens);

    /// <summary>The reward of the path as it is now, by the strategy's verifier.</summary>
    public abstract Task<double> Score(SearchPath path);

    /// <summary>Gives a path up. What its other branches do not share counts as pruned.</summary>
    public abstract Task Drop(SearchPath path);
}
