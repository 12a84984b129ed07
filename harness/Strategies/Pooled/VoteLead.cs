using Harness.Statistics.Stopping;

namespace Harness.Strategies.Pooled;

/// <summary>
/// A vote that stops once its leader is so many votes ahead of the next answer: first to ahead by k, as of Meyerson et al. 2025
/// (arXiv 2511.09030), a sequential probability ratio test of the two.
/// </summary>
public sealed class VoteLead(int lead, int orders) : StoppedVote(new LeadStop(lead), orders)
{
    const string Lead = "Lead";

    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "vote-lead",
        Summary = "a vote of at most k samples that stops once its leader is Lead votes ahead",
        VotesOnAnswers = true,
        Options =
        [
            new() { Name = Lead, Summary = "Votes by which the leader must be ahead.", Default = 3, Low = 1, High = 1000 },
            OrdersOption,
        ],
        Create = settings => new VoteLead(settings.Options[Lead], OrdersOf(settings)),
    };
}
