using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using PtxInterpreter;

namespace Kernels.Tests.Decoding;

/// <summary>When a step is recorded anew, and when the recording of an earlier call serves. KeptGraphCases hold the tokens.</summary>
public class StepGraphTests
{
    static readonly DecodingSettings Settings = new() { Seed = 1, Temperature = 1, MaxTokens = 4, StopTokens = [3] };

    static readonly DecodingSettings Endless = Settings with { StopTokens = [] };

    static int Recorded(params DecodingSettings[] calls)
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var device = new InterpretedDevice(options: new InterpreterOptions { Workers = 1 });
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, Precision.W8A8, new Placement { Threads = 1, Batch = 2 });
        using IGenerator generator = model.CreateGenerator(useGraphs: true);
        foreach (DecodingSettings settings in calls)
        {
            var request = new GenerationRequest { Problem = 0, Prompt = [1, 2, 3, 4, 5], Samples = [0, 1] };
            generator.Generate([request], settings, _ => { }, CancellationToken.None);
        }
        return device.Captures;
    }

    [Test]
    public void Calls_that_draw_alike_share_their_recorded_steps()
    {
        int once = Recorded(Settings);
        Assert.That(once, Is.Positive);
        Assert.That(Recorded(Settings, Settings, Settings with { StopTokens = [3] }), Is.EqualTo(once));
    }

    [Test]
    public void Calls_that_draw_otherwise_record_their_own() =>
        Assert.That(Recorded(Endless, Endless with { Seed = 2 }), Is.EqualTo(2 * Recorded(Endless)));
}
