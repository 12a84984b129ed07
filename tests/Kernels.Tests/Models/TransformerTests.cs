using System.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.KvCache;
using Harness.Kernels.Linear;

namespace Kernels.Tests.Models;

public class TransformerTests
{
    static readonly int[] Text = Enumerable.Range(0, 150).Select(i => (i * 37) % 131).ToArray();

    public static IEnumerable<TestCaseData> Shapes()
    {
        foreach (Precision precision in Precisions.Exact)
        {
            yield return new TestCaseData(precision, RandomCheckpoint.Shape()).SetArgDisplayNames($"{precision}", "grouped queries");
            yield return new TestCaseData(
                precision, RandomCheckpoint.Shape(layers: 1, width: 100, heads: 5, kvHeads: 5, headWidth: 20, feedForward: 70, tied: false))
                .SetArgDisplayNames($"{precision}", "ragged widths, untied");
            yield return new TestCaseData(
                precision, RandomCheckpoint.Shape(layers: 1, heads: 2, kvHeads: 1, headWidth: 80, bias: true, headNorms: true))
                .SetArgDisplayNames($"{precision}", "biases and head norms, head wider than 64");
            yield return new TestCaseData(
                precision, RandomCheckpoint.Shape(layers: 1) with { RopeFactors = [1, 1, 1.5f, 2, 2.5f, 4, 8, 8] })
                .SetArgDisplayNames($"{precision}", "scaled frequencies");
            yield return new TestCaseData(
                precision, RandomCheckpoint.Shape(width: 72, heads: 3, kvHeads: 1, headWidth: 24, feedForward: 40) with
                {
                    Experts = new ExpertShape { Count = 5, Active = 2, Normalised = true },
                })
                .SetArgDisplayNames($"{precision}", "mixture of experts");
            yield return new TestCaseData(
                precision, RandomCheckpoint.Shape(layers: 1, width: 70, heads: 2, feedForward: 33, bias: true) with
                {
                    Experts = new ExpertShape { Count = 37, Active = 4, Normalised = false, SharedFeedForward = 90 },
                })
                .SetArgDisplayNames($"{precision}", "mixture beside a shared expert, weights not normalised");
        }
    }

    [TestCaseSource(nameof(Shapes))]
    public void Logits_equal_the_scalar_form_bit_for_bit(Precision precision, ModelConfig config)
    {
        using var checkpoint = new RandomCheckpoint(config);
        float[][] expected = new ScalarTransformer(checkpoint, precision).Logits(Text);
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            foreach ((int threads, int piece) in new[] { (1, 1000), (2, 1), (2, 17), (3, 64) })
            {
                float[][] logits = Evaluate(
                    checkpoint,
                    precision,
                    new Placement { Threads = threads, Isa = set.ToString(), Batch = 64, MemoryBytes = 1 << 28 },
                    piece);
                for (int position = 0; position < Text.Length; position++)
                    Assert.That(
                        logits[position],
                        Is.EqualTo(expected[position]),
                        $"{set}, {threads} threads, pieces of {piece}, position {position}");
            }
        }
    }

    [Test]
    public void A_token_outside_the_vocabulary_is_refused()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 });
        var error = Assert.Throws<HarnessException>(() => model.Evaluate([1, 131], (_, _) => { }));
        Assert.That(error!.Diagnostic, Is.EqualTo(KernelCodes.TokenOutsideVocabulary));
    }

    [Test]
    public void Weights_that_are_not_finite_are_refused()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        checkpoint["layers.1.attention_norm"][3] = float.NaN;
        using var model = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 2 });
        var error = Assert.Throws<HarnessException>(() => model.Evaluate([1, 2, 3], (_, _) => { }));
        Assert.That(error!.Diagnostic, Is.EqualTo(KernelCodes.WeightsNotFinite));
        Assert.Throws<HarnessException>(() => model.Evaluate([1, 2, 3], (_, _) => { }), "the workers are still usable after a failure");
    }

    [Test]
    public void Bf16_is_refused_on_the_CPU_and_in_all_its_parts()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        Action[] uses =
        [
            () => CpuLanguageModel.Load(checkpoint, Precision.Bf16, new Placement { Threads = 1, Isa = "portable" }),
            () => KvCacheCpu.BytesOfPage(checkpoint.Config, Precision.Bf16),
            () => MemoryPlan.For(checkpoint.Config, Precision.Bf16, new Placement(), InstructionSet.Portable),
            () => Projection.Bytes(64, 64, Precision.Bf16, InstructionSet.Portable),
        ];
        foreach (Action use in uses)
            Assert.That(Assert.Throws<HarnessException>(() => use())!.Diagnostic, Is.EqualTo(KernelCodes.PrecisionNeedsGpu));
    }

    [Test]
    public void A_damaged_model_leaves_no_threads_behind()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        checkpoint["layers.0.gate"][7] = float.PositiveInfinity;
        int before = Process.GetCurrentProcess().Threads.Count;
        for (int turn = 0; turn < 8; turn++)
        {
            var error =
                Assert.Throws<HarnessException>(() => CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 8 }));
            Assert.That(error!.Diagnostic, Is.EqualTo(KernelCodes.WeightsNotFinite));
        }
        Assert.That(Process.GetCurrentProcess().Threads.Count, Is.LessThan(before + 28), "8 loads start 56 threads");
    }

    [Test]
    public void Pages_come_back_when_a_visitor_throws()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 });
        Assert.Throws<InvalidDataException>(() => model.Evaluate(Text, (_, _) => throw new InvalidDataException()));
        Assert.That(model.Transformer.Cache.Available, Is.EqualTo(model.Transformer.Cache.Capacity));
    }

    [Test]
    public void A_text_that_does_not_fit_the_memory_is_refused()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1, Batch = 1, MemoryBytes = 1 << 22 });
        while (model.Transformer.Cache.Available > 2)
            model.Transformer.Cache.Rent();
        var error = Assert.Throws<HarnessException>(() => model.Evaluate(Text, (_, _) => { }));
        Assert.That(error!.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));
        Assert.That(() => model.Evaluate(Text.AsSpan(..128), (_, _) => { }), Throws.Nothing);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_text_can_not_be_passed_in_pieces_of_nothing(int piece)
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Evaluate(Text, (_, _) => { }, piece));
    }

    [Test]
    public void A_memory_budget_that_holds_no_page_is_refused_with_what_is_needed()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        var error =
            Assert.Throws<HarnessException>(() => CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { MemoryBytes = 10_000 }));
        Assert.That(error!.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));
    }

    static float[][] Evaluate(RandomCheckpoint checkpoint, Precision precision, Placement placement, int piece)
    {
        using var model = CpuLanguageModel.Load(checkpoint, precision, placement);
        var logits = new float[Text.Length][];
        model.Evaluate(Text, (position, row) => logits[position] = row.ToArray(), piece);
        return logits;
    }
}
