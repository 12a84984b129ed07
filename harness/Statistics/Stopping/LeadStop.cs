namespace Harness.Statistics.Stopping;

/// <summary>Stops once the leader is so many votes ahead of the next answer.</summary>
public sealed class LeadStop(int lead) : IVoteStop
{
    public int Window => 1;

    public int Least(int second) => second + lead;
}
