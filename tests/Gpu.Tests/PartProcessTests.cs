using System.Diagnostics;

namespace Gpu.Tests;

/// <summary>A part whose process is a script: what it says, and how it ends, is written in the test.</summary>
public sealed class PartProcessTests
{
    StringWriter log = null!;
    Proof proof = null!;

    [SetUp]
    public void Start()
    {
        log = new StringWriter();
        proof = new Proof(log, TimeSpan.FromMinutes(5));
    }

    [TearDown]
    public void End() => log.Dispose();

    [Test]
    public void Checks_that_pass_and_wrong_numbers_need_one_process()
    {
        int started = 0;
        PartEnd end = Run(done =>
        {
            started++;
            return Begun(0) + Passed(0) + "echo a note\n" + Begun(1) + Failed(1, "differs") + Begun(2) + Skipped(2) + Begun(3) + Passed(3)
                + Ended;
        });

        Assert.That((end, started), Is.EqualTo((PartEnd.Whole, 1)));
        Assert.That((proof.Passed, proof.Failed, proof.Skipped), Is.EqualTo((2, 1, 1)));
        Assert.That(log.ToString(), Does.Contain("a note").And.Contain("FAILED  check 1: differs").And.Contain("passed  check 0 (0.50 s)"));
    }

    [Test]
    public void A_check_that_hangs_costs_that_check_and_what_it_started_is_ended()
    {
        string mark = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}");
        PartEnd end = Run(done => done == 0
            ? Begun(0) + Passed(0) + Begun(1, limit: 1) + $"sh -c 'echo $$ > {mark}; exec sleep 1000'\n"
            : Begun(2) + Passed(2) + Ended);

        Assert.That((end, proof.Passed, proof.Failed), Is.EqualTo((PartEnd.Whole, 2, 1)));
        Assert.That(log.ToString(), Does.Match("FAILED  check 1: not ended within [0-9]+ s"));
        int child = int.Parse(File.ReadAllText(mark));
        File.Delete(mark);
        Assert.That(() => Directory.Exists($"/proc/{child}"), Is.False.After(5000, 50), "the whole tree of processes is ended");
    }

    [TestCase("exit 3", "after a failure", 0)]
    [TestCase("kill -SEGV $$", "139", 1)]
    [TestCase("echo bad luck >&2; exit 7", "exit status 7: bad luck", 1)]
    public void A_check_that_ends_its_process_costs_that_check(string how, string message, int open)
    {
        PartEnd end = Run(done => done == 0
            ? Begun(0) + Passed(0) + Begun(1) + (open == 0 ? Failed(1, "after a failure") : "") + how + "\n"
            : Begun(2) + Passed(2) + Ended);

        Assert.That((end, proof.Passed, proof.Failed), Is.EqualTo((PartEnd.Whole, 2, 1)), log.ToString());
        Assert.That(log.ToString(), Does.Contain("FAILED  check 1: ").And.Contain(message));
    }

    [Test]
    public void Each_failed_check_of_many_costs_itself()
    {
        PartEnd end = Run(done => done < 5 ? Begun(done) + Failed(done, "a fault") + "exit 3\n" : Begun(5) + Passed(5) + Ended);

        Assert.That((end, proof.Passed, proof.Failed), Is.EqualTo((PartEnd.Whole, 1, 5)));
    }

    [TestCase("exit 3\n")]
    [TestCase("exit 0\n")]
    [TestCase("echo no check yet\nexit 1\n")]
    public void A_process_that_ends_without_a_check_breaks_its_part_off(string script)
    {
        int started = 0;
        PartEnd end = Run(done =>
        {
            started++;
            return script;
        });

        Assert.That((end, started, proof.Passed, proof.Failed), Is.EqualTo((PartEnd.BrokenOff, 1, 0, 1)));
        Assert.That(log.ToString(), Does.Contain("FAILED  part broke off: its process ended"));
    }

    [Test]
    public void A_refusal_is_a_failure_of_its_own_kind()
    {
        PartEnd end = Run(done => Say(new CheckLine(CheckEvent.Refused, 0, 0, "error HRN0102: no card")) + Ended);

        Assert.That((end, proof.Passed, proof.Failed), Is.EqualTo((PartEnd.Refused, 0, 1)));
        Assert.That(log.ToString(), Does.Contain("refused: error HRN0102: no card"));
    }

    [Test]
    public void A_part_whose_time_is_over_says_that_the_rest_was_not_run()
    {
        PartEnd end = new PartProcess(proof, (_, _, _) => throw new InvalidOperationException("no process is to be started"))
            .Run("part", TimeSpan.Zero);

        Assert.That((end, proof.Failed), Is.EqualTo((PartEnd.BrokenOff, 1)));
        Assert.That(log.ToString(), Does.Contain("no time is left"));
    }

    [Test]
    public void A_line_is_read_as_it_was_written()
    {
        CheckLine line = new(CheckEvent.Failed, 12, 0.1, "RmsNorm.norm: 3 rows, 5\tinputs: differs\nat 3");

        Assert.That(CheckLine.Parse(line.ToString()), Is.EqualTo(line with { Text = "RmsNorm.norm: 3 rows, 5\tinputs: differs at 3" }));
        Assert.That(CheckLine.Parse("@ home\t1\t2\t3"), Is.Null);
        Assert.That(CheckLine.Parse("copy 3,000 GB/s"), Is.Null);
    }

    PartEnd Run(Func<int, string> script) => new PartProcess(proof, (_, done, _) =>
    {
        ProcessStartInfo start = new("/bin/sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script(done));
        return start;
    }).Run("part", TimeSpan.FromMinutes(4));

    static string Ended => Say(new CheckLine(CheckEvent.Ended, 0, 0, ""));

    static string Begun(int index, double limit = 60) => Say(new CheckLine(CheckEvent.Begun, index, limit, $"check {index}"));

    static string Passed(int index) => Say(new CheckLine(CheckEvent.Passed, index, 0.5, $"check {index}"));

    static string Failed(int index, string why) => Say(new CheckLine(CheckEvent.Failed, index, 0, $"check {index}: {why}"));

    static string Skipped(int index) => Say(new CheckLine(CheckEvent.Skipped, index, 0, $"check {index}: not here"));

    static string Say(CheckLine line) => $"printf '%s\\n' '{line}'\n";
}
