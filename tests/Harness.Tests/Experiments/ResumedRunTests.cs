using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Experiments;

/// <summary>A run goes on with the samples of earlier ones, and ends with the bytes of a run that was never cut off.</summary>
[TestFixture]
sealed class ResumedRunTests
{
    ScratchExperiment scratch = null!;

    [SetUp]
    public void Create() => scratch = new ScratchExperiment();

    [TearDown]
    public void Remove() => scratch.Dispose();

    [TestCase(1), TestCase(13), TestCase(29)]
    public void An_interrupted_run_resumes_and_ends_with_the_same_bytes(int finishedBefore)
    {
        scratch.Run(new ScriptedEngine());
        Dictionary<string, byte[]> whole = scratch.Results();
        using ScratchExperiment again = new();
        int finished = 0;
        using CancellationTokenSource interrupt = new();
        ScriptedEngine interrupted = new()
        {
            BeforeFinished = _ =>
            {
                if (++finished == finishedBefore)
                    interrupt.Cancel();
            },
        };
        HarnessException cancelled = Assert.Throws<HarnessException>(() => again.Run(interrupted, cancellation: interrupt.Token))!;
        Assert.That(cancelled.Diagnostic, Is.EqualTo(Codes.Cancelled));
        Assert.That(again.Results(), Is.Empty);
        Assert.That(again.Run(new ScriptedEngine()), Does.Contain($"{finishedBefore} kept from before"));
        Assert.That(again.Results(), Is.EqualTo(whole));
    }

    [Test]
    public void An_interrupted_rebuild_resumes_instead_of_starting_over()
    {
        scratch.Run(new ScriptedEngine());
        Dictionary<string, byte[]> whole = scratch.Results();
        int finished = 0;
        using CancellationTokenSource interrupt = new();
        ScriptedEngine interrupted = new()
        {
            BeforeFinished = _ =>
            {
                if (++finished == 27)
                    interrupt.Cancel();
            },
        };
        Assert.Throws<HarnessException>(() => scratch.Run(interrupted, rebuild: true, interrupt.Token));
        Assert.That(scratch.Results(), Is.EqualTo(whole));
        Assert.That(scratch.Run(new ScriptedEngine(), rebuild: true), Does.Contain("3 samples to generate, 27 kept from before"));
        Assert.That(scratch.Run(new ScriptedEngine(), rebuild: true), Does.Contain("30 samples to generate"));
        Assert.That(scratch.Results(), Is.EqualTo(whole));
    }

    [Test]
    public void A_torn_log_resumes_with_the_same_bytes()
    {
        scratch.Run(new ScriptedEngine());
        Dictionary<string, byte[]> whole = scratch.Results();
        byte[] log = File.ReadAllBytes(scratch.Log("sums"));
        foreach (int kept in (int[])[0, 5, 72, 73, log.Length / 2, log.Length - 1])
        {
            scratch.DeleteResults();
            File.WriteAllBytes(scratch.Log("sums"), log[..kept]);
            scratch.Run(new ScriptedEngine());
            Assert.That(scratch.Results(), Is.EqualTo(whole), $"{kept} bytes kept");
        }
    }

    [Test]
    public void A_generation_log_of_another_model_is_discarded()
    {
        scratch.Run(new ScriptedEngine());
        File.WriteAllBytes(Path.Combine(scratch.Folder, "model.bin"), [9]);
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("30 samples to generate").And.Not.Contain("kept"));
    }

    [Test]
    public void A_changed_strategy_reuses_the_pool_and_a_larger_pool_its_samples()
    {
        scratch.Run(new ScriptedEngine());
        scratch.Write(ScratchExperiment.Demo.Replace("Multipliers=\"1;4\"", "Multipliers=\"1;2;4\""));
        Assert.That(
            scratch.Run(new ScriptedEngine()),
            Does.Contain("no samples to generate: manifest.strategies[1].multipliers was [1,4], is [1,2,4]"));
        scratch.Write(ScratchExperiment.Demo.Replace("Samples=\"4\"", "Samples=\"8\""));
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("24 samples to generate, 24 kept"));
    }

    [Test]
    public void A_placement_that_this_machine_lacks_costs_a_rebuild_none_of_its_samples()
    {
        scratch.Run(new ScriptedEngine());
        byte[] log = File.ReadAllBytes(scratch.Log("sums"));
        HarnessException refused = Assert.Throws<HarnessException>(() =>
            scratch.Run(new ScriptedEngine { Refusal = KernelCodes.MemoryBudget.With("too small") }, rebuild: true))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));
        Assert.That(File.ReadAllBytes(scratch.Log("sums")), Is.EqualTo(log));
        scratch.DeleteResults();
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("0 samples to generate, 30 kept from before"));
    }
}
