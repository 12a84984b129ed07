using Harness.Kernels.Decoding;
using Harness.Kernels.Models;
using Harness.Kernels.Models.Checkpoints;
using Harness.Kernels.Models.Tokenizers;
using Harness.Tests.Shared;

namespace Kernels.Tests.Decoding;

public class StopStringTests
{
    [TestCase("; #")]
    [TestCase("4 +")]
    public void A_sample_ends_with_the_first_token_that_completes_a_stop_string(string stop)
    {
        using Checkpoint checkpoint = ModelFiles.Open(Path.Combine(Repository.Root, "results", "quickstart", "model"));
        Tokenizer tokenizer = checkpoint.Tokenizer!;
        List<Generation> free = Generate(checkpoint, []), stopped = Generate(checkpoint, ["never there", stop]);
        Assert.That(stopped.Select(sample => sample.Finish), Has.Member(FinishReason.StopString));
        foreach ((Generation one, Generation whole) in stopped.Zip(free))
        {
            int count = Enumerable.Range(1, whole.Tokens.Length)
                .FirstOrDefault(n => tokenizer.Decode(whole.Tokens.AsSpan(0, n), keepSpecial: false).Contains(stop, StringComparison.Ordinal), whole.Tokens.Length);
            Assert.That(one.Tokens, Is.EqualTo(whole.Tokens[..count]));
            Assert.That(one.Finish == FinishReason.StopString, Is.EqualTo(tokenizer.Decode(one.Tokens, keepSpecial: false).Contains(stop, StringComparison.Ordinal)));
        }
    }

    static List<Generation> Generate(Checkpoint checkpoint, string[] stops)
    {
        using var model = LanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 2 });
        using var generator = new BatchedGenerator(model);
        int[] prompt = [2, .. checkpoint.Tokenizer!.Encode("sum 14 + 2 + 18 = think")];
        List<Generation> samples = [];
        DecodingSettings settings = new() { Seed = 3, Temperature = 1, MaxTokens = 60, StopTokens = checkpoint.Tokenizer.EndTokens, StopStrings = stops };
        generator.Generate([new GenerationRequest { Problem = 0, Prompt = prompt, Samples = [.. Enumerable.Range(0, 12)] }], settings, samples.Add, CancellationToken.None);
        return [.. samples.OrderBy(sample => sample.Sample)];
    }
}
