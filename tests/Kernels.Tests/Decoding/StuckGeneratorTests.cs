using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Kernels.Tests.Driver;

namespace Kernels.Tests.Decoding;

/// <summary>A GPU whose kernels do nothing: no token is ever drawn.</summary>
[NonParallelizable]
public sealed class StuckGeneratorTests
{
    [Test]
    [CancelAfter(60_000)]
    public void A_generator_that_draws_nothing_fails_at_once([Values] bool graphs, CancellationToken cancellation)
    {
        FakeDriver.RequireStandIn();
        using FakeDriver driver = new();
        using Checkpoint checkpoint = ModelFiles.Open("synthetic:llama?d=48&layers=1&heads=6&kv=2&head=8&ffn=72&vocab=50&context=64");
        using CudaDevice device = CudaDevice.Open();
        using CudaLanguageModel model = CudaLanguageModel.Load(device, checkpoint, Precision.F32, new Placement { Threads = 1, Batch = 2 });
        using IGenerator generator = model.CreateGenerator(graphs);
        GenerationRequest request = new() { Problem = 0, Prompt = [1, 2, 3], Samples = [0, 1, 2] };
        DecodingSettings settings = new() { Seed = 1, Temperature = 1, MaxTokens = 4 };

        HarnessException stuck = Assert.Throws<HarnessException>(
            () => generator.Generate([request], settings, _ => Assert.Fail("nothing was drawn"), cancellation))!;

        Assert.That(stuck.Diagnostic, Is.EqualTo(KernelCodes.KernelFault));
        Assert.That(stuck.Message, Does.StartWith("2 samples in flight got fewer tokens from Fake A100 than it was told to draw"));
    }
}
