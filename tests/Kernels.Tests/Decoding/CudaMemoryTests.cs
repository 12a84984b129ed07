using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
using PtxInterpreter;

namespace Kernels.Tests.Decoding;

/// <summary>What a device's memory holds, and what is said where it holds too little.</summary>
public class CudaMemoryTests
{
    static readonly ModelConfig Shape = RandomCheckpoint.Shape();

    static ModelConfig Mixture =>
        Shape with { Experts = new ExpertShape { Count = 4, Active = 2, Normalised = true, SharedFeedForward = 70 } };

    [Test]
    public void A_model_larger_than_the_card_is_refused_with_the_sizes()
    {
        using var checkpoint = new RandomCheckpoint(Shape);
        using var device = new InterpretedDevice(totalBytes: 200_000);
        HarnessException refused =
            Assert.Throws<HarnessException>(() => CudaLanguageModel.Load(device, checkpoint, Precision.W8A8, new Placement()))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));
        Assert.That(
            refused.Message, Does.Contain($"weights {CudaTransformer.WeightBytes(Shape, Precision.W8A8):N0}").And.Contain("200,000"));
        Assert.That(device.FreeBytes, Is.EqualTo(200_000));
    }

    [Test]
    public void A_mixture_of_experts_in_bf16_is_refused_with_what_runs_it()
    {
        using var checkpoint = new RandomCheckpoint(Mixture);
        using var device = new InterpretedDevice(totalBytes: 1L << 30);
        HarnessException refused =
            Assert.Throws<HarnessException>(() => CudaLanguageModel.Load(device, checkpoint, Precision.Bf16, new Placement()))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.ArchitectureUnsupported));
        Assert.That(refused.Message, Does.Contain("w8a8 or f32"));
        Assert.That(device.FreeBytes, Is.EqualTo(1L << 30));
    }

    [Test]
    public void A_stated_budget_is_kept([Values] Precision precision, [Values(1, 2, 8)] int megabytes)
    {
        using var checkpoint = new RandomCheckpoint(Shape);
        long budget = ((long)CudaTransformer.WeightBytes(Shape, precision)) + (megabytes << 20);
        using var device = new InterpretedDevice(totalBytes: 1L << 30);
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Threads = 1, MemoryBytes = budget });
        long least = device.FreeBytes;
        model.Evaluate([1, 2, 3], (_, _) => least = Math.Min(least, device.FreeBytes));
        Assert.That((1L << 30) - least, Is.LessThanOrEqualTo(budget + Slack));
    }

    [Test]
    public void Weights_and_buffers_of_a_mixture_of_experts_are_what_is_planned(
        [Values(Precision.F32, Precision.W8A8)] Precision precision, [Values] bool shared, [Values(1, 40)] int rows)
    {
        ModelConfig config = shared ? Mixture : Mixture with { Experts = Mixture.Experts! with { SharedFeedForward = 0 } };
        using var checkpoint = new RandomCheckpoint(config);
        using var device = new InterpretedDevice(totalBytes: 1L << 30);
        var limits = new TransformerLimits(rows, rows);
        using var transformer = new CudaTransformer(device, checkpoint, precision, limits, workers: 1);
        long planned = (long)(CudaTransformer.WeightBytes(config, precision) + CudaTransformer.PassBytes(config, precision, limits));
        Assert.That((1L << 30) - device.FreeBytes, Is.InRange(planned, planned + MixtureSlack));
    }

    /// <summary>Three dozen allocations' rounding.</summary>
    const long MixtureSlack = 36 * 256;

    /// <summary>Rounding of a few dozen allocations to the device's granularity.</summary>
    const long Slack = 256 << 10;

    [Test]
    public void The_batch_follows_the_memory_that_is_free([Values] Precision precision)
    {
        int previous = 0;
        foreach (long total in new[] { 8L << 20, 64L << 20, 1L << 30, 64L << 30 })
        {
            using var device = new InterpretedDevice(totalBytes: total);
            DevicePlan plan = DevicePlan.For(device, Shape, precision, new Placement());
            Assert.That(plan.Batch, Is.InRange(Math.Max(previous, 1), 8192));
            Assert.That(plan.Rows, Is.GreaterThanOrEqualTo(plan.Batch));
            Assert.That(
                CudaTransformer.PassBytes(Shape, precision, new TransformerLimits(plan.Rows, plan.Batch)),
                Is.LessThanOrEqualTo((Int128)total / 8));
            previous = plan.Batch;
        }
        Assert.That(previous, Is.EqualTo(8192));
    }

    [TestCase(50)]
    [TestCase(151_936)]
    [TestCase(int.MaxValue)]
    public void Logits_of_a_piece_fit_a_span_of_bytes(int vocabulary) =>
        Assert.That(
            CudaLanguageModel.PieceRows(vocabulary),
            vocabulary < int.MaxValue ? Is.InRange(1, int.MaxValue / sizeof(float) / vocabulary) : Is.EqualTo(1));

    [Test]
    public void A_sequence_that_no_page_is_left_for_is_refused()
    {
        using var checkpoint = new RandomCheckpoint(Shape);
        using var device = new InterpretedDevice(totalBytes: 1L << 30);
        long budget = (long)(
            CudaTransformer.WeightBytes(Shape, Precision.F32)
            + CudaTransformer.PassBytes(Shape, Precision.F32, new TransformerLimits(1, 1)))
            + (5 * DeviceLayout.PageBytes(Shape, Precision.F32));
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, Precision.F32, new Placement { Threads = 1, MemoryBytes = budget });
        HarnessException refused = Assert.Throws<HarnessException>(() => model.Evaluate(new int[500], (_, _) => { }))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));
    }
}
