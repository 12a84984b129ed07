using System.Text;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Tokenizers;
using Harness.Tests.Shared;
using Kernels.Tests.Checkpoints;

namespace Kernels.Tests.Decoding;

public class StopStringTests
{
    [TestCase("; #")]
    [TestCase("4 +")]
    public void A_sample_ends_with_the_first_token_that_completes_a_stop_string(string stop)
    {
        using Checkpoint checkpoint = ModelFiles.Open(Path.Combine(Repository.Root, "results", "base-model", "model"));
        Tokenizer tokenizer = checkpoint.Tokenizer!;
        List<Generation> free = Generate(checkpoint, []), stopped = Generate(checkpoint, ["never there", stop]);
        Assert.That(stopped.Select(sample => sample.Finish), Has.Member(FinishReason.StopString));
        foreach ((Generation one, Generation whole) in stopped.Zip(free))
        {
            int count = Enumerable.Range(1, whole.Tokens.Length)
                .FirstOrDefault(
                    n => tokenizer.Decode(whole.Tokens.AsSpan(0, n), keepSpecial: false).Contains(stop, StringComparison.Ordinal),
                    whole.Tokens.Length);
            Assert.That(one.Tokens, Is.EqualTo(whole.Tokens[..count]));
            Assert.That(
                one.Finish == FinishReason.StopString,
                Is.EqualTo(tokenizer.Decode(one.Tokens, keepSpecial: false).Contains(stop, StringComparison.Ordinal)));
        }
    }

    [Test]
    public void A_special_tokens_written_form_stops_at_that_token()
    {
        using Checkpoint checkpoint = ModelFiles.Open(Path.Combine(Repository.Root, "results", "base-model", "model"));
        string written = Encoding.UTF8.GetString(checkpoint.Tokenizer!.TokenBytes(checkpoint.Tokenizer.EndTokens[0]));
        List<Generation> byToken = Generate(checkpoint, []), byString = Generate(checkpoint, [written], endTokens: false);
        Assert.That(byToken.Select(sample => sample.Finish), Has.Member(FinishReason.Stop));
        foreach ((Generation one, Generation other) in byToken.Zip(byString))
        {
            Assert.That(other.Tokens, Is.EqualTo(one.Tokens));
            Assert.That(other.Finish, Is.EqualTo(one.Finish == FinishReason.Stop ? FinishReason.StopString : one.Finish));
        }
    }

    [TestCase("é th")]
    [TestCase("é")]
    [TestCase("thé the\uFFFD")]
    [TestCase("\uFFFD\uFFFDt")]
    [TestCase("hhé")]
    public void The_window_finds_what_the_whole_text_holds(string stop)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder);
        using Checkpoint checkpoint = ModelFiles.Open(folder.Path);
        Tokenizer tokenizer = checkpoint.Tokenizer!;
        var matcher = new StopStringMatcher([stop], tokenizer);
        // The two bytes of é, letters, a space, merged words and special tokens, so that characters are split and specials lie between.
        int[] alphabet = [0xC3, 0xC3, 0xA9, 0xA9, 't', 'h', ' ', 256, 257, 258, 259, 260];
        Random random = new(5);
        for (int turn = 0; turn < 200; turn++)
        {
            List<int> tokens = [];
            bool found = false;
            while (!found && tokens.Count < 60)
            {
                tokens.Add(alphabet[random.Next(alphabet.Length)]);
                found = tokenizer.Decode([.. tokens], keepSpecial: false).Contains(stop, StringComparison.Ordinal);
                Assert.That(matcher.EndsIn([.. tokens]), Is.EqualTo(found), string.Join(' ', tokens));
            }
        }
    }

    static List<Generation> Generate(Checkpoint checkpoint, string[] stops, bool endTokens = true)
    {
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 2 });
        using var generator = new CpuGenerator(model);
        int[] prompt = [2, .. checkpoint.Tokenizer!.Encode("sum 14 + 2 + 18 = think")];
        List<Generation> samples = [];
        DecodingSettings settings = new()
        {
            Seed = 3,
            Temperature = 1,
            MaxTokens = 60,
            StopTokens = endTokens
            ? checkpoint.Tokenizer.EndTokens
            : [],
            StopStrings = stops
        };
        generator.Generate(
            [new GenerationRequest { Problem = 0, Prompt = prompt, Samples = [.. Enumerable.Range(0, 12)] }],
            settings,
            samples.Add,
            CancellationToken.None);
        return [.. samples.OrderBy(sample => sample.Sample)];
    }
}
