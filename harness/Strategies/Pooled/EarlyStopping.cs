using Harness.Statistics.Stopping;

namespace Harness.Strategies.Pooled;

/// <summary>
/// A vote over windows of samples that stops once a window agrees entirely (early-stopping self-consistency, Li et al. 2024,
/// arXiv 2401.10480); its answer is the majority of all that was drawn.
/// </summary>
public sealed class EarlyStopping(int window, int orders) : StoppedVote(new AgreementStop(window), orders)
{
    const string Window = "Window";

    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "early-stopping",
        Summary = "a vote of at most k samples that stops once a window of them agrees entirely (ESC)",
        VotesOnAnswers = true,
        Options =
        [
            new() { Name = Window, Summary = "Samples that are drawn side by side.", Default = 5, Low = 2, High = 1000 },
            OrdersOption,
        ],
        Create = settings => new EarlyStopping(settings.Options[Window], OrdersOf(settings)),
    };
}
