using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.KvCache;

namespace Kernels.Tests.Decoding;

public class TextEvaluationTests
{
    static readonly int[] Lengths = [5, 64, 1, 100, 7, 65, 3, 140];

    [TestCase(Precision.F32)]
    [TestCase(Precision.W8A8)]
    public void Texts_read_together_give_the_logits_of_each_read_alone(Precision precision)
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        EvaluatedText[] texts = [.. Lengths.Select((length, i) => new EvaluatedText(Tokens(length, i), Asked(length)))];
        List<(int, int, float[])> alone = [];
        using (CpuLanguageModel single = CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = 1, Batch = 1 }))
        {
            foreach ((int text, EvaluatedText asked) in texts.Index())
            {
                single.Evaluate(asked.Tokens, (position, logits) =>
                {
                    if (asked.Positions.Contains(position))
                        alone.Add((text, position, logits.ToArray()));
                });
            }
        }
        foreach ((int batch, int threads) in new[] { (1, 2), (3, 1), (64, 3) })
        {
            using CpuLanguageModel model =
                CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = threads, Batch = batch });
            int free = model.Transformer.Cache.Available;
            List<(int, int, float[])> together = [];
            model.Evaluate(texts, (text, position, logits) => together.Add((text, position, logits.ToArray())));
            Assert.That(together.Select(each => (each.Item1, each.Item2)), Is.EqualTo(alone.Select(each => (each.Item1, each.Item2))));
            Assert.That(together.SelectMany(each => each.Item3), Is.EqualTo(alone.SelectMany(each => each.Item3)));
            Assert.That(model.Transformer.Cache.Available, Is.EqualTo(free), "all pages are free again");
        }
    }

    [Test]
    public void Few_pages_are_used_again_by_later_texts()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        long page = KvCacheCpu.BytesOfPage(checkpoint.Config, Precision.F32);
        var memory = new ModelMemory(checkpoint.Config, Precision.F32, InstructionSets.Choose("auto", Precision.F32), 1);
        long few = (long)(memory.Weights + memory.Samplers + memory.Pass(2, 2)) + (3 * page);
        using CpuLanguageModel model =
            CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1, Batch = 2, MemoryBytes = few });
        EvaluatedText[] texts = [.. Enumerable.Range(0, 40).Select(i => new EvaluatedText(Tokens(9, i), [8]))];
        List<int> seen = [];
        model.Evaluate(texts, (text, _, _) => seen.Add(text));
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 40)));
        HarnessException error = Assert.Throws<HarnessException>(
            () => model.Evaluate([new EvaluatedText(Tokens(4 * PageSize.Tokens, 0), [0])], (_, _, _) => { }))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget).Or.EqualTo(KernelCodes.PromptTooLong));
    }

    [Test]
    public void A_text_beyond_the_context_and_a_place_that_it_lacks_are_refused()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using CpuLanguageModel model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 });
        int free = model.Transformer.Cache.Available;
        HarnessException error = Assert.Throws<HarnessException>(
            () => model.Evaluate([new EvaluatedText(Tokens(checkpoint.Config.ContextLength + 1, 0), [0])], (_, _, _) => { }))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.PromptTooLong));
        Assert.Throws<ArgumentException>(() => model.Evaluate([new EvaluatedText(Tokens(3, 0), [3])], (_, _, _) => { }));
        Assert.Throws<ArgumentException>(() => model.Evaluate([new EvaluatedText(Tokens(3, 0), [2, 1])], (_, _, _) => { }));
        Assert.That(model.Transformer.Cache.Available, Is.EqualTo(free), "what was begun is given back");
    }

    static int[] Tokens(int length, int salt) => [.. Enumerable.Range(0, length).Select(i => ((i * 7) + (salt * 3) + 1) % 29)];

    /// <summary>Every third position, and the last one.</summary>
    static int[] Asked(int length) => [.. Enumerable.Range(0, length).Where(i => i % 3 == 1 || i == length - 1)];
}
