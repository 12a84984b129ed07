using Harness.Kernels;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Measurement;
using Harness.Records;

namespace Gpu;

/// <summary>Samples of synthetic:135m at temperature 1, seed 1, and the hash of their tokens, which the CPU's kernels drew.</summary>
sealed record CommittedTokens(Precision Precision, int PromptTokens, int Samples, string Hash)
{
    const string Model = "synthetic:135m";
    const int Tokens = 8;

    public static IReadOnlyList<CommittedTokens> All { get; } =
    [
        new(Precision.W8A8, 16, 1, "26adb2fba01e2971"),
        new(Precision.W8A8, 300, 64, "fdd96ad196e90ebd"),
        new(Precision.F32, 16, 1, "0c7f0ee439100027"),
        new(Precision.F32, 300, 64, "ad87e461010fc398"),
    ];

    public override string ToString() =>
        $"{Model}, {Precision.ToString().ToLowerInvariant()}: {Samples} of a {PromptTokens}-token prompt, {Tokens} tokens each";

    /// <summary>As samples.csv's tokens_hash, over the samples' tokens one after another.</summary>
    public string HashOn(string device)
    {
        using Checkpoint checkpoint = ModelFiles.Open(Model);
        using ILanguageModel model = LanguageModels.Load(checkpoint, Precision, new Placement { Device = device, Batch = Samples });
        using IGenerator generator = model.CreateGenerator();
        GenerationRequest request = new()
        {
            Problem = 0,
            Prompt = TimedGeneration.Prompt(PromptTokens, checkpoint.Config.Vocabulary),
            Samples = [.. Enumerable.Range(0, Samples)],
        };
        List<Generation> drawn = [];
        generator.Generate([request], new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = Tokens }, drawn.Add,
            CancellationToken.None);
        return Hashes.OfTokens([.. drawn.OrderBy(sample => sample.Sample).SelectMany(sample => sample.Tokens)]);
    }
}
