namespace Harness.Statistics.Stopping;

/// <summary>
/// Stops once a window of samples agrees entirely (early-stopping self-consistency, Li et al. 2024, arXiv 2401.10480).
/// </summary>
public sealed class AgreementStop(int window) : IVoteStop
{
    public int Window => window;

    public int Least(int second) => int.MaxValue;
}
