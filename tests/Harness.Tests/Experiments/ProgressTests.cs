using Harness.Experiments;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class ProgressTests
{
    [TestCase(0, 0, 0, 0, "sums: 0 %, 0 of 19,200 samples, - tokens/s, - left")]
    [TestCase(1234, 0, 493800, 40, "sums: 6 %, 1,234 of 19,200 samples, 12,345 tokens/s, 9:43 left")]
    [TestCase(9600, 9000, 900, 600, "sums: 50 %, 9,600 of 19,200 samples, 1.5 tokens/s, 2:40:00 left")]
    [TestCase(19200, 0, 5000, 10, "sums: 100 %, 19,200 of 19,200 samples, 500 tokens/s, 0:00 left")]
    public void A_line_tells_samples_speed_and_time_left(long done, long resumed, long tokens, double seconds, string expected) =>
        Assert.That(new ProgressLine("sums", done, 19200, resumed, tokens, TimeSpan.FromSeconds(seconds)).ToString(), Is.EqualTo(expected));

    [TestCase(100, 200, 1000, 30, "0:35", TestName = "Tokens of earlier runs count as done, and the time left is at this run's speed")]
    [TestCase(100, 900, 1000, 99, "0:00", TestName = "All expected tokens are not yet all samples")]
    [TestCase(100, 1500, 1000, 99, "0:00", TestName = "More tokens than expected are not more than all")]
    public void Per_cent_and_time_left_are_of_tokens(long tokens, long kept, double expected, int percent, string left)
    {
        ProgressLine line = new("p", 5, 10, 3, tokens, TimeSpan.FromSeconds(5)) { KeptTokens = kept, ExpectedTokens = expected };
        Assert.That(line.ToString(), Does.StartWith($"p: {percent} %, 5 of 10 samples").And.EndsWith($" {left} left"));
    }

    [Test]
    public void A_terminal_gets_a_bar_as_wide_as_fits_before_the_line()
    {
        ProgressLine line = new("p", 1, 4, 0, 0, TimeSpan.Zero);
        Assert.That(line.ToText().ToTerminal(200), Is.EqualTo("[#####...............] p: 25 %, 1 of 4 samples, - tokens/s, 0:00 left"));
        Assert.That(line.ToText().ToTerminal(58), Is.EqualTo("[##......] p: 25 %, 1 of 4 samples, - tokens/s, 0:00 left"));
        Assert.That(
            line.ToText().ToTerminal(50), Is.EqualTo("p: 25 %, 1 of 4 samples, - tokens/s, 0:00 left"), "rather than cut off what is left");
        Assert.That(line.ToText().ToTerminal(30), Is.EqualTo("p: 25 %, 1 of 4 samples, - tokens/s"[..29]));
        Assert.That(
            new ProgressLine("p", 4, 4, 0, 0, TimeSpan.Zero).ToText().ToTerminal(200), Does.StartWith("[####################] p: 100 %"));
    }

    [Test]
    public void A_terminal_sees_one_line_rewritten_and_a_log_plain_lines()
    {
        ManualClock clock = new();
        using StringWriter terminal = new() { NewLine = "\n" }, log = new() { NewLine = "\n" };
        foreach ((StringWriter output, bool live) in new[] { (terminal, true), (log, false) })
        {
            using RunConsole console = new(output, live, clock, width: 200);
            long done = 0;
            using (console.Follow(() => new ProgressLine("p", done, 4, 0, 0, TimeSpan.Zero).ToText()))
            {
                clock.Tick();
                done = 4;
            }
            console.Line("end");
        }
        const string first = "p: 0 %, 0 of 4 samples, - tokens/s, - left", last = "p: 100 %, 4 of 4 samples, - tokens/s, 0:00 left";
        const string bar = $"[....................] {first}";
        Assert.That(log.ToString(), Is.EqualTo($"{first}\n{last}\nend\n"));
        Assert.That(terminal.ToString(), Is.EqualTo($"\r{bar}\r{new string(' ', bar.Length)}\r{last}\nend\n"));
    }

    [Test]
    public void The_log_holds_lines_but_not_the_one_that_is_rewritten()
    {
        string path = Path.GetTempFileName();
        try
        {
            ManualClock clock = new();
            using (RunConsole console = new(TextWriter.Null, live: true, clock))
            {
                console.LogTo(path);
                using (console.Follow(() => new ProgressLine("p", 4, 4, 0, 0, TimeSpan.Zero).ToText()))
                    clock.Tick();
                console.Line("end");
            }
            Assert.That(File.ReadAllText(path), Is.EqualTo("p: 100 %, 4 of 4 samples, - tokens/s, 0:00 left\nend\n"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_full_disk_loses_the_log_and_nothing_else()
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("needs /dev/full");
        ManualClock clock = new();
        using StringWriter output = new() { NewLine = "\n" };
        using (RunConsole console = new(output, live: false, clock))
        {
            console.LogTo("/dev/full");
            using (console.Follow(() => new ProgressLine("p", 4, 4, 0, 0, TimeSpan.Zero).ToText()))
                clock.Tick();
            console.Line("end");
        }
        Assert.That(output.ToString(), Does.EndWith("left\nend\n"));
        Assert.That(() => new RunConsole(TextWriter.Null, live: false).LogTo("/no/such/folder/run.log"), Throws.Nothing);
    }

    [Test]
    public void Standard_output_on_a_full_disk_ends_nothing()
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("needs /dev/full");
        ManualClock clock = new();
        StreamWriter full =
            new(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };
        using RunConsole console = new(full, live: true, clock);
        using IDisposable _ = console.Follow(() => new ProgressLine("p", 0, 4, 0, 0, TimeSpan.Zero).ToText());
        Assert.That(clock.Tick, Throws.Nothing);
        Assert.That(() => console.Line("end"), Throws.Nothing);
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
