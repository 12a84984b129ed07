using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Measurement;

namespace Harness.Tests.Experiments;

/// <summary>A run measures the machine beside its results, and never at their cost.</summary>
[TestFixture]
sealed class RecordingTests
{
    ScratchExperiment scratch = null!;

    [SetUp]
    public void Create() => scratch = new ScratchExperiment();

    [TearDown]
    public void Remove() => scratch.Dispose();

    [Test]
    public void Recording_measures_an_up_to_date_experiment_without_generating_it_again()
    {
        scratch.Run(new ScriptedEngine());
        Dictionary<string, byte[]> exact = scratch.Results();
        Directory.Delete(scratch.Artifacts, recursive: true);
        int sums = 0;
        SteppedClock clock = new();
        Record(generation =>
        {
            sums += generation.Problem > 0 ? 1 : 0;
            clock.Advance(0.001);
        }, clock);
        string machine = Path.Combine(scratch.Folder, "machines", "fake-x1");
        Assert.That(
            Directory.GetFiles(machine).Select(Path.GetFileName).Order(),
            Is.EqualTo(new[] { "frontier.csv", "machine.json", "throughput.csv", "throughput.svg" }));
        Assert.That(
            ThroughputTable.Csv.Read(Path.Combine(machine, "throughput.csv")).Select(row => row.Batch),
            Is.EqualTo(new[] { 1, 4, 16, 64, 256 }));
        Assert.That(scratch.Results(), Is.EqualTo(exact));
        Assert.That(sums, Is.Zero);
    }

    [Test]
    public void An_uneven_measurement_is_not_recorded_and_the_results_stay()
    {
        scratch.Run(new ScriptedEngine());
        Dictionary<string, byte[]> exact = scratch.Results();
        SteppedClock clock = new();
        HarnessException refused = Assert.Throws<HarnessException>(
            () => Record(_ => clock.Advance(clock.GetTimestamp() / TimeSpan.TicksPerSecond % 2 == 0 ? 0.001 : 0.004), clock))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.UnsteadyMeasurement));
        Assert.That(scratch.Results(), Is.EqualTo(exact));
        Assert.That(Directory.Exists(Path.Combine(scratch.Folder, "machines")), Is.False);
    }

    [Test]
    public void Figures_are_drawn_anew_where_that_is_asked_and_not_by_recording()
    {
        scratch.Run(new ScriptedEngine());
        byte[] own = File.ReadAllBytes(scratch.Result("accuracy.svg"));
        File.WriteAllText(scratch.Result("accuracy.svg"), "<svg>\n  <!-- renderer: Other 1 -->\n</svg>\n");
        scratch.Run(new ScriptedEngine());
        SteppedClock clock = new();
        Record(_ => clock.Advance(0.001), clock);
        Assert.That(File.ReadAllText(scratch.Result("accuracy.svg")), Does.Contain("Other 1"));

        ScriptedEngine host = new();
        using (RunConsole console = new(TextWriter.Null, live: false))
            new ExperimentRun(scratch.Resolve(host, new() { ["Redraw"] = "true" }), console, new RunOptions())
                .Execute(CancellationToken.None);
        Assert.That(File.ReadAllBytes(scratch.Result("accuracy.svg")), Is.EqualTo(own));
        Assert.That((host.Generators, Staleness.Of(scratch.Resolve(host))), Is.EqualTo((0, (string?)null)), "nothing is generated again");
    }

    [Test]
    public void The_weights_are_loaded_once_for_generating_and_measuring()
    {
        ScriptedEngine host = new();
        scratch.Run(host);
        Assert.That(host.Generators, Is.EqualTo(1));
        Assert.That(
            ThroughputTable.Csv.Read(Path.Combine(scratch.Artifacts, "throughput.csv")).Select(row => row.Batch),
            Is.EqualTo(new[] { 1, 4, 16, 64 }));
        Assert.That(host.Loaded, Is.Zero, "generators that were not disposed");
    }

    [Test]
    public void A_measurement_that_fails_leaves_a_line_and_the_results()
    {
        ScriptedEngine host = new() { BeforeMeasuring = () => throw new InvalidOperationException("no clock") };
        Assert.That(scratch.Run(host), Does.Contain("this machine was not measured: no clock"));
        Assert.That(scratch.Results().Keys, Is.EquivalentTo(ScratchExperiment.Committed));
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("up to date"));
    }

    [TestCase(false), TestCase(true)]
    public void Interrupting_the_measurement_fails_a_run_only_where_the_record_was_asked_for(bool record)
    {
        using CancellationTokenSource interrupt = new();
        ScriptedEngine host = new() { BeforeMeasuring = interrupt.Cancel };
        using StringWriter output = new();
        using RunConsole console = new(output, live: false);
        ExperimentRun run = new(scratch.Resolve(host, record ? new() { ["Record"] = "true" } : null), console, new RunOptions());
        if (record)
            Assert.That(Assert.Throws<HarnessException>(() => run.Execute(interrupt.Token))!.Diagnostic, Is.EqualTo(Codes.Cancelled));
        else
            Assert.That(run.Execute(interrupt.Token), Is.True);
        Assert.That(scratch.Results().Keys, Is.EquivalentTo(ScratchExperiment.Committed));
        Assert.That(output.ToString(), Does.Contain("results: "));
    }

    /// <summary>Records this machine, measured by a clock that the samples move.</summary>
    void Record(Action<Generation> finished, TimeProvider clock)
    {
        ScriptedEngine host = new() { BeforeFinished = finished };
        using RunConsole console = new(TextWriter.Null, live: false);
        new ExperimentRun(scratch.Resolve(host, new() { ["Record"] = "true" }), console, new RunOptions(Clock: clock))
            .Execute(CancellationToken.None);
    }
}
