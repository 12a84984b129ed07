using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Tokenizers;
using Kernels.Tests.Checkpoints;

namespace Kernels.Tests.Decoding;

public class DecodingSlotTests
{
    const int MaxTokens = 20;

    /// <summary>Bytes are tokens of the small model.</summary>
    static readonly int[] Alphabet = ['t', 'h', 'e', 'x', ' '];

    static readonly string[][] StopStrings = [[], ["the"], ["xx", "e t"]];

    static readonly int[][] StopTokens = [[], [' '], ['x', 1, 2, 3, 4, 5, ' ']];

    [Test]
    public void Tokens_given_in_runs_end_where_they_do_one_by_one(
        [ValueSource(nameof(StopTokens))] int[] stopTokens, [ValueSource(nameof(StopStrings))] string[] stopStrings)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder);
        using Checkpoint checkpoint = ModelFiles.Open(folder.Path);
        Tokenizer tokenizer = checkpoint.Tokenizer!;
        var settings =
            new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = MaxTokens, StopTokens = stopTokens, StopStrings = stopStrings };
        var end = new AnswerEnd(settings, tokenizer);
        // There is room for longer answers than these.
        var slot = new DecodingSlot(MaxTokens + 7, 100);
        using var prompt = new PromptState(new GenerationRequest { Problem = 3, Prompt = [1], Samples = [0] }, vocabulary: 300);
        Random random = new(9);
        for (int sample = 0; sample < 300; sample++)
        {
            int[] drawn = random.GetItems(Alphabet, MaxTokens + 10);
            float[] logProbabilities = [.. drawn.Select(_ => -random.NextSingle())];
            (int count, FinishReason reason) = Expected(drawn, settings, tokenizer);
            slot.Start(prompt, sample, end);
            Generation? finished = null;
            for (int taken = 0, run; finished is null; taken += run)
            {
                run = random.Next(7);
                finished = slot.Append(drawn.AsSpan(taken, run), logProbabilities.AsSpan(taken, run));
                Assert.That(
                    finished is not null, Is.EqualTo(taken + run >= count), $"sample {sample} after {taken + run} tokens of {count}");
            }
            Assert.Multiple(() =>
            {
                Assert.That((finished.Problem, finished.Sample, finished.Finish), Is.EqualTo((3, sample, reason)));
                Assert.That(finished.Tokens, Is.EqualTo(drawn[..count]));
                Assert.That(finished.LogProbabilities, Is.EqualTo(logProbabilities[..count]));
            });
        }
    }

    /// <summary>Token by token: an end token, else a stop string, else the longest answer.</summary>
    static (int Count, FinishReason Reason) Expected(int[] drawn, DecodingSettings settings, Tokenizer tokenizer)
    {
        for (int count = 1; ; count++)
        {
            string text = tokenizer.Decode(drawn.AsSpan(0, count), keepSpecial: false);
            if (settings.StopTokens.Contains(drawn[count - 1]))
                return (count, FinishReason.Stop);
            if (settings.StopStrings.Any(stop => text.Contains(stop, StringComparison.Ordinal)))
                return (count, FinishReason.StopString);
            if (count == settings.MaxTokens)
                return (count, FinishReason.Length);
        }
    }
}
