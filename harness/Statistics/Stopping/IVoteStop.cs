namespace Harness.Statistics.Stopping;

/// <summary>When a vote over samples that are drawn one after another has seen enough.</summary>
public interface IVoteStop
{
    /// <summary>
    /// How many samples are drawn side by side before it is asked. Of more than one, those stop it that all gave one and the same answer.
    /// </summary>
    int Window { get; }

    /// <summary>The fewest votes of the leader that stop it; at least 1. Asked where samples are drawn one by one.</summary>
    /// <param name="second">Votes of the next answer; 0 where there is none.</param>
    int Least(int second);
}
