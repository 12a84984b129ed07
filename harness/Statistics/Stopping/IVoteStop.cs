namespace Harness.Statistics.Stopping;

/// <summary>When a vote over samples that are drawn one after another has seen enough.</summary>
public interface IVoteStop
{
    /// <summary>How many samples are drawn side by side before it is asked.</summary>
    int Window { get; }

    /// <summary>Whether a window stops it whose samples all gave one and the same answer.</summary>
    bool StopsOnAgreement { get; }

    /// <summary>The fewest votes of the leader that stop it; <see cref="int.MaxValue"/> where no lead does. At least 1.</summary>
    /// <param name="second">Votes of the next answer; 0 where there is none.</param>
    int Least(int second);
}
