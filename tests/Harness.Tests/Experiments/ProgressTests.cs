using Harness.Experiments;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class ProgressTests
{
    [TestCase(0, 0, 0, 0, "sums: 0 of 19,200 samples, - tokens/s, - left")]
    [TestCase(1234, 0, 493800, 40, "sums: 1,234 of 19,200 samples, 12,345 tokens/s, 9:43 left")]
    [TestCase(9600, 9000, 900, 600, "sums: 9,600 of 19,200 samples, 1.5 tokens/s, 2:40:00 left")]
    [TestCase(19200, 0, 5000, 10, "sums: 19,200 of 19,200 samples, 500 tokens/s, 0:00 left")]
    public void A_line_tells_samples_speed_and_time_left(long done, long resumed, long tokens, double seconds, string expected) =>
        Assert.That(new ProgressLine("sums", done, 19200, resumed, tokens, TimeSpan.FromSeconds(seconds)).ToString(), Is.EqualTo(expected));

    [Test]
    public void A_terminal_sees_one_line_rewritten_and_a_log_plain_lines()
    {
        ManualClock clock = new();
        using StringWriter terminal = new() { NewLine = "\n" }, log = new() { NewLine = "\n" };
        foreach ((StringWriter output, bool live) in new[] { (terminal, true), (log, false) })
        {
            using RunConsole console = new(output, live, clock);
            long done = 0;
            using (console.Follow(() => new ProgressLine("p", done, 4, 0, 0, TimeSpan.Zero)))
            {
                clock.Tick();
                done = 4;
            }
            console.Line("end");
        }
        const string first = "p: 0 of 4 samples, - tokens/s, - left", last = "p: 4 of 4 samples, - tokens/s, 0:00 left";
        Assert.That(log.ToString(), Is.EqualTo($"{first}\n{last}\nend\n"));
        Assert.That(terminal.ToString(), Is.EqualTo($"\r{first}\r{new string(' ', first.Length)}\r{last}\nend\n"));
    }

    /// <summary>Fires its one timer when told to.</summary>
    sealed class ManualClock : TimeProvider
    {
        Action fire = () => { };

        public void Tick() => fire();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            fire = () => callback(state);
            return new NoTimer();
        }

        sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
