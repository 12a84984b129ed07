using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Decoding;

/// <summary>The modules that are made ready are those that a model's kernels lie in: no more, and no fewer.</summary>
public class ModelModulesTests
{
    static readonly ModelConfig WholeBlocks = RandomCheckpoint.Shape() with { Heads = 4, KvHeads = 2, HeadWidth = 32 };

    public static IEnumerable<TestCaseData> Models() =>
        from precision in Enum.GetValues<Precision>()
        from config in new[]
        {
            RandomCheckpoint.Shape(), WholeBlocks, WholeBlocks with { HeadWidth = 64 }, WholeBlocks with { HeadWidth = 128 },
        }
        select new TestCaseData(config, precision).SetArgDisplayNames($"heads of {config.HeadWidth} on {config.KvHeads}", $"{precision}");

    public static IEnumerable<TestCaseData> Mixtures() =>
        from precision in Precisions.Exact
        from shared in new[] { 0, 20 }
        let experts = new ExpertShape { Count = 4, Active = 2, Normalised = true, SharedFeedForward = shared }
        select new TestCaseData(RandomCheckpoint.Shape(feedForward: 24) with { Experts = experts }, precision)
            .SetArgDisplayNames($"experts beside one of width {shared}", $"{precision}");

    [TestCaseSource(nameof(Models))]
    [TestCaseSource(nameof(Mixtures))]
    public void A_model_starts_kernels_of_exactly_the_modules_that_are_prepared(ModelConfig config, Precision precision)
    {
        using var checkpoint = new RandomCheckpoint(config);
        var launched = new HashSet<string>();
        IReadOnlySet<string> prepared = new HashSet<string>();
        // With few rows a step's attention is one launch, with many it is not.
        foreach (int samples in new[] { 1, 12 })
        {
            using var device = new InterpretedDevice(options: new InterpreterOptions { Workers = 1 });
            using CudaLanguageModel model =
                CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Threads = 1, Batch = 16 });
            using IGenerator generator = model.CreateGenerator();
            int[] prompt = [.. Enumerable.Range(0, 70).Select(i => i % 30)];
            generator.Generate(
                [new GenerationRequest { Problem = 0, Prompt = prompt, Samples = [.. Enumerable.Range(0, samples)] }],
                new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = 2 },
                _ => { },
                CancellationToken.None);
            launched.UnionWith(device.Launches.Select(launch => launch.Kernel.Module));
            prepared = device.Prepared;
        }
        Assert.That(prepared, Is.EquivalentTo(launched));
        Assert.That(prepared, Is.SubsetOf(PtxLibrary.Modules));
    }
}
