using Harness.Kernels;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Diagnostics;
using PtxInterpreter;

namespace Kernels.Tests.Decoding;

/// <summary>Whether a request fits is answered without generating, and is what generating finds.</summary>
public class MemoryFitTests
{
    static readonly ModelConfig Shape = RandomCheckpoint.Shape();

    static readonly RequestShape[] Shapes =
    [
        new(1, 1), new(0, 5), new(60, 4), new(64, 1, 3), new(100, 30, 9), new(300, 100), new(500, 12, 2), new(500, 13), new(1, 511, 50),
        new(2, 511),
    ];

    [Test]
    public void The_CPU_refuses_what_generating_refuses([ValueSource(nameof(Shapes))] RequestShape shape, [Values(0, 1, 3)] int spare)
    {
        using var checkpoint = new RandomCheckpoint(Shape);
        long least = (long)MemoryPlan.Least(Shape, Precision.W8A8, new Placement { Threads = 1 }, InstructionSetOfTests);
        long bytes = least + (spare * (200 << 10));
        using var model =
            CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 1, MemoryBytes = bytes, Isa = "portable" });
        AssertFitIsWhatGeneratingFinds(model, shape);
    }

    [Test]
    public void A_device_refuses_what_generating_refuses([ValueSource(nameof(Shapes))] RequestShape shape, [Values(0, 1, 3)] int spare)
    {
        using var checkpoint = new RandomCheckpoint(Shape);
        using var device = new InterpretedDevice(totalBytes: 1L << 30);
        long bytes = (long)DevicePlan.Least(Shape, Precision.W8A8) + (spare * (200 << 10));
        using var model =
            CudaLanguageModel.Load(device, checkpoint, Precision.W8A8, new Placement { Threads = 1, Batch = 2, MemoryBytes = bytes });
        AssertFitIsWhatGeneratingFinds(model, shape);
    }

    [Test]
    public void As_many_samples_fit_together_as_pages_and_places_allow()
    {
        using var checkpoint = new RandomCheckpoint(Shape);
        Placement placement = new() { Threads = 1, Batch = 5, MemoryBytes = 64 << 20 };
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, placement);
        Assert.That(model.Fits(new RequestShape(100, 30, 3)).Together, Is.EqualTo(3));
        Assert.That(model.Fits(new RequestShape(100, 30, 90)).Together, Is.EqualTo(5));
        while (model.Transformer.Cache.Available > 9)
            model.Transformer.Cache.Rent();
        Assert.That(model.Fits(new RequestShape(100, 100, 90)).Together, Is.EqualTo(2), "two pages of the prompt, three of each sample");
    }

    [Test]
    public void Models_that_share_memory_get_what_they_need_and_no_more_than_there_is()
    {
        ModelConfig larger = Shape with { Layers = Shape.Layers * 3 };
        var placement = new Placement { Threads = 1, MemoryBytes = 16 << 20, Isa = "portable" };
        IReadOnlyList<Placement> shares = LanguageModels.ShareMemory(placement, [(Shape, Precision.W8A8), (larger, Precision.F32)]);
        Assert.That(shares.Sum(share => share.MemoryBytes), Is.InRange((16 << 20) - 2, 16 << 20));
        using RandomCheckpoint first = new(Shape), second = new(larger);
        using var small = CpuLanguageModel.Load(first, Precision.W8A8, shares[0]);
        using var large = CpuLanguageModel.Load(second, Precision.F32, shares[1]);
        Assert.That(large.Plan.Pages, Is.InRange(small.Plan.Pages / 3, small.Plan.Pages * 3), "room for about as many tokens");
    }

    [Test]
    public void Models_that_do_not_fit_together_are_refused()
    {
        var placement = new Placement { Threads = 1, MemoryBytes = 300 << 10, Isa = "portable" };
        HarnessException refused = Assert.Throws<HarnessException>(
            () => LanguageModels.ShareMemory(placement, [(Shape, Precision.W8A8), (Shape, Precision.F32)]))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));
        Assert.That(refused.Message, Does.Contain("2 models at once"));
    }

    static InstructionSet InstructionSetOfTests => InstructionSet.Portable;

    static void AssertFitIsWhatGeneratingFinds(ILanguageModel model, RequestShape shape)
    {
        MemoryFit fit = model.Fits(shape);
        var request =
            new GenerationRequest { Problem = 0, Prompt = new int[shape.PromptTokens], Samples = [.. Enumerable.Range(0, shape.Samples)] };
        var settings = new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = shape.MaxTokens };
        using IGenerator generator = model.CreateGenerator();
        Exception? thrown = Assert.Catch(() => generator.Generate([request], settings, _ => { }, new CancellationToken(canceled: true)));
        Assert.That(fit.Fits, Is.EqualTo(thrown is OperationCanceledException), fit.Refusal?.Message ?? thrown?.Message);
        Assert.That(fit.Refusal?.Diagnostic, Is.EqualTo((thrown as HarnessException)?.Diagnostic));
        Assert.That(fit.Together, fit.Fits ? Is.InRange(1, shape.Samples) : Is.Zero);
        Assert.That(model.Fits(shape).Together, Is.EqualTo(fit.Together), "asking changes nothing");
    }
}
