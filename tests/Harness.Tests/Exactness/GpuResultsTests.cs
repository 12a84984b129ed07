using Harness.Tests.Shared;

namespace Harness.Tests.Exactness;

/// <summary>The committed experiments on this machine's GPU: the same bytes at every batch size, with recorded steps and without.</summary>
[NonParallelizable]
public class GpuResultsTests
{
    [Test]
    public void Every_sample_of_the_quickstart_is_the_committed_one()
    {
        Gpu.Need();
        Verify("quickstart", "1", 0, graphs: true);
    }

    [Test]
    public void Batch_sizes_and_recorded_steps_change_nothing(
        [ValueSource(typeof(CommittedResultsTests), nameof(CommittedResultsTests.Experiments))] string experiment,
        [Values(1, 5, 64, 1000)] int batch,
        [Values] bool graphs)
    {
        Gpu.Need();
        Verify(experiment, "0.01", batch, graphs);
    }

    static void Verify(string experiment, string share, int batch, bool graphs)
    {
        (string, string)[] environment = graphs ? [] : [("HARNESS_CUDA_GRAPHS", "0")];
        HarnessProcess verify = HarnessProcess.Run(
            ["verify", Path.Combine("results", experiment), "--sample", share, "--device", Gpu.Device, "--batch", $"{batch}"], environment);
        if (verify.ExitCode == 2
            && (verify.Error.Contains("HRN0201", StringComparison.Ordinal) || verify.Error.Contains("HRN0301", StringComparison.Ordinal)))
            Assert.Ignore($"{experiment}: its model or data is not here: {verify.Error.Trim()}");
        Assert.That(verify.ExitCode, Is.Zero, verify.Output + verify.Error);
    }
}
