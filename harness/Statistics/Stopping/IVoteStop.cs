namespace Harness.Statistics.Stopping;

/// <summary>When a vote over samples that are drawn one after another has seen enough.</summary>
public interface IVoteStop
{
    /// <summary>How many samples are drawn side by side before it is asked.</summary>
    int Window { get; }

    /// <param name="leader">Votes of the answer that has most.</param>
    /// <param name="second">Votes of the next one; 0 where there is none.</param>
    /// <param name="agrees">Whether all samples of the last window gave one and the same answer.</param>
    bool Stops(int leader, int second, bool agrees);
}
