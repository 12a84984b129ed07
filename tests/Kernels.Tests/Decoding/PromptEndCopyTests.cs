using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using PtxInterpreter;

namespace Kernels.Tests.Decoding;

/// <summary>On a device, too, a sample copies what its prompt left in its last page, and not the page.</summary>
public class PromptEndCopyTests
{
    const int Samples = 3;

    [TestCase(Precision.F32, 6, 2 * 6 * 32 * 4)]
    [TestCase(Precision.Bf16, 6, 2 * 6 * 32 * 2)]
    [TestCase(Precision.W8A8, 6, (2 * 6 * 32) + (2 * 8 * 4), Description = "scales come in fours")]
    [TestCase(Precision.W8A8, 63, (2 * 63 * 32) + (2 * 64 * 4))]
    [TestCase(Precision.W8A8, 0, 0, Description = "the prompt ends with its page")]
    public void Samples_copy_the_filled_tokens_alone(Precision precision, int filled, int bytesPerHead)
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape(layers: 2, heads: 4, kvHeads: 2, headWidth: 20));
        using var device = new InterpretedDevice();
        using CudaLanguageModel model = CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Threads = 1, Batch = 8 });
        using IGenerator generator = model.CreateGenerator();
        int[] prompt = [.. Enumerable.Range(0, PageSize.Tokens + filled).Select(i => i % 31)];
        GenerationRequest request = new() { Problem = 0, Prompt = prompt, Samples = [.. Enumerable.Range(0, Samples)] };
        generator.Generate([request], new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = 2 }, _ => { }, CancellationToken.None);
        LaunchStatistics[] copies = [.. device.Launches.Where(launch => launch.Kernel.Entry == "copy_pages")];
        Assert.That(copies.Sum(launch => launch.GlobalBytesWritten), Is.EqualTo(Samples * 2 * 2 * bytesPerHead));
    }
}
