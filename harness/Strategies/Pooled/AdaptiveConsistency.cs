using Harness.Statistics.Stopping;

namespace Harness.Strategies.Pooled;

/// <summary>
/// A vote that stops, asked after each sample, once its leader beats the next answer with a confidence (Aggarwal et al. 2023,
/// arXiv 2305.11860).
/// </summary>
public sealed class AdaptiveConsistency(int confidence, int orders) : StoppedVote(new ConfidenceStop(confidence), orders)
{
    const string Confidence = "Confidence";

    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "adaptive-consistency",
        Summary = "a vote of at most k samples that stops once its leader is ahead with a confidence (ASC)",
        VotesOnAnswers = true,
        Options =
        [
            new()
            {
                Name = Confidence, Summary = "Per cent at which P(the leader is the likelier of the first two) stops it.",
                Default = 95, Low = 51, High = 99,
            },
            OrdersOption,
        ],
        Create = settings => new AdaptiveConsistency(settings.Options[Confidence], OrdersOf(settings)),
    };
}
