using Harness.Measurement;

namespace Harness.Tests.Measurement;

public sealed class MeasurementLoopTests
{
    readonly SteppedClock clock = new();
    int started;

    [SetUp]
    public void Begin() => started = 0;

    [Test]
    public void The_first_run_is_not_timed()
    {
        Queue<double> durations = new([100, 1, 2, 3]);
        IReadOnlyList<double> seconds = new MeasurementLoop(StoppingRule.Exactly(3), clock)
            .Seconds(_ => clock.Advance(durations.Dequeue()), default);
        Assert.That(seconds, Is.EqualTo(new[] { 1.0, 2, 3 }));
    }

    [Test]
    public void Short_work_is_repeated_within_a_run_and_its_seconds_are_those_of_one()
    {
        StoppingRule rule = StoppingRule.Exactly(3) with { ShortestRun = TimeSpan.FromSeconds(10) };
        IReadOnlyList<double> seconds = new MeasurementLoop(rule, clock).Seconds(_ => clock.Advance(started++ == 0 ? 40 : 3), default);
        Assert.That(seconds, Is.EqualTo(new[] { 3.0, 3, 3 }));
        Assert.That(started, Is.EqualTo(2 + 3 * 4), "the first and the one that tells how long it takes, then four a run");
    }

    [Test]
    public void Work_as_long_as_the_shortest_run_is_done_once_a_run()
    {
        StoppingRule rule = StoppingRule.Exactly(2) with { ShortestRun = TimeSpan.FromSeconds(3) };
        new MeasurementLoop(rule, clock).Seconds(Run(3), default);
        Assert.That(started, Is.EqualTo(4));
    }

    [Test]
    public void Work_that_is_long_at_first_is_not_tried_once_more()
    {
        StoppingRule rule = StoppingRule.Exactly(2) with { ShortestRun = TimeSpan.FromSeconds(3) };
        new MeasurementLoop(rule, clock).Seconds(Run(15), default);
        Assert.That(started, Is.EqualTo(3));
    }

    [Test]
    public void Runs_end_when_their_share_of_time_is_spent_the_untimed_run_included()
    {
        StoppingRule rule = new() { FewestRuns = 2, MostRuns = 100, Share = TimeSpan.FromSeconds(10) };
        IReadOnlyList<double> seconds = new MeasurementLoop(rule, clock).Seconds(_ => clock.Advance(2), default);
        Assert.That(seconds, Has.Count.EqualTo(4));
    }

    [Test]
    public void Close_medians_end_it_early_and_wide_ones_at_the_most_runs()
    {
        StoppingRule rule = new() { FewestRuns = 3, MostRuns = 7, Spread = 0.01 };
        Assert.That(new MeasurementLoop(rule, clock).Seconds(_ => clock.Advance(1), default), Has.Count.EqualTo(3));
        Assert.That(new MeasurementLoop(rule, clock).Seconds(_ => clock.Advance(++started), default), Has.Count.EqualTo(7));
    }

    [Test]
    public void A_run_that_outlasts_the_limit_is_given_up_and_those_before_it_count()
    {
        StoppingRule rule = new() { FewestRuns = 5, MostRuns = 5, Limit = TimeSpan.FromSeconds(7) };
        IReadOnlyList<double> seconds = new MeasurementLoop(rule, clock).Seconds(Run(2), default);
        Assert.That((seconds.Count, started), Is.EqualTo((2, 4)));
        Assert.That(new MeasurementLoop(rule, clock).Seconds(Run(8), default), Is.Empty, "the first run itself outlasted it");
    }

    [Test]
    public void Cancellation_from_outside_is_not_the_limit()
    {
        using CancellationTokenSource source = new();
        MeasurementLoop loop = new(StoppingRule.Exactly(3), clock);
        Assert.That(() => loop.Seconds(token =>
        {
            source.Cancel();
            token.ThrowIfCancellationRequested();
        }, source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Every_quantity_of_a_run_is_judged()
    {
        StoppingRule rule = new() { FewestRuns = 3, MostRuns = 9, Spread = 0.01 };
        IReadOnlyList<int> runs = new MeasurementLoop(rule, clock).Repeat(_ => ++started, run => [1, run], default);
        Assert.That(runs, Has.Count.EqualTo(9));
        Assert.That(runs[0], Is.EqualTo(2), "the first run is not kept");
    }

    /// <summary>A run that looks at its token as it goes, second by second.</summary>
    Action<CancellationToken> Run(int seconds) => token =>
    {
        started++;
        for (int second = 0; second < seconds; second++)
        {
            clock.Advance(1);
            token.ThrowIfCancellationRequested();
        }
    };
}
