using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.KvCache;

namespace Kernels.Tests.Decoding;

public partial class MemoryPlanTests
{
    static readonly ModelConfig Shape = RandomCheckpoint.Shape(vocabulary: 5001, feedForward: 161);

    [Test]
    public void An_ordinary_budget_gives_64_samples_and_64_rows()
    {
        MemoryPlan plan = Plan(Shape, Precision.W8A8, InstructionSet.Avx2, 1L << 30);
        Assert.That((plan.Batch, plan.Rows), Is.EqualTo((64, 64)));
        Assert.That(plan.Pages * KvCacheCpu.BytesOfPage(Shape, Precision.W8A8), Is.InRange((1L << 30) * 9 / 10, 1L << 30));
    }

    [Test]
    public void The_least_memory_that_a_refusal_states_is_accepted_and_one_byte_less_is_not(
        [ValueSource(typeof(Precisions), nameof(Precisions.Exact))] Precision precision,
        [Values] InstructionSet set,
        [Values(0, 1, 3, 64, int.MaxValue)] int batch,
        [Values(30, 512, 1 << 24)] int context)
    {
        ModelConfig config = Shape with { ContextLength = context };
        long least = Least(config, precision, set, 1, batch);
        Assert.That(Least(config, precision, set, least - 1, batch), Is.EqualTo(least));
        MemoryPlan plan = Plan(config, precision, set, least, batch);
        Assert.That((plan.Batch, plan.Rows, plan.Pages), Is.EqualTo((1, 1, 2)));
    }

    [Test]
    public void One_sample_gives_up_rows_before_it_is_refused()
    {
        long least = Least(Shape, Precision.F32, InstructionSet.Avx2, 1, 1);
        Assert.That(Plan(Shape, Precision.F32, InstructionSet.Avx2, least + (20 * 4096), 1).Rows, Is.GreaterThan(1).And.LessThan(64));
    }

    [Test]
    public void Weights_are_counted_as_they_are_packed()
    {
        ModelConfig config =
            RandomCheckpoint.Shape(layers: 1, width: 100, heads: 5, kvHeads: 5, headWidth: 20, feedForward: 70, vocabulary: 131);
        (int Outputs, int Inputs)[] padded = [(160, 100), (160, 100), (128, 72), (320, 100), (128, 100)];
        long vectors = 3 * 100 * sizeof(float);
        long bytes = padded.Sum(matrix => matrix.Outputs * (matrix.Inputs + 4L)) + vectors;
        Assert.That(Plan(config, Precision.W8A8, InstructionSet.Avx2, 1 << 30).WeightBytes, Is.EqualTo(bytes));
        Assert.That(
            Plan(config, Precision.W8A8, InstructionSet.AvxVnni, 1 << 30).WeightBytes,
            Is.EqualTo(bytes + padded.Sum(matrix => matrix.Outputs * 4L * 2)));
        (int Outputs, int Inputs)[] single = [(160, 100), (160, 100), (128, 70), (320, 100), (128, 100)];
        Assert.That(
            Plan(config, Precision.F32, InstructionSet.Avx2, 1 << 30).WeightBytes,
            Is.EqualTo(single.Sum(matrix => matrix.Outputs * matrix.Inputs * 4L) + vectors));
    }

    [Test]
    public void Of_a_mixture_all_experts_are_counted_and_the_active_ones_in_a_pass([Values] bool shared)
    {
        ModelConfig dense = Shape with { FeedForward = 64 };
        ModelConfig mixture = dense with
        {
            Experts = new ExpertShape { Count = 6, Active = 2, Normalised = true, SharedFeedForward = shared ? 64 : 0 },
        };
        long Weights(ModelConfig config) => Plan(config, Precision.F32, InstructionSet.Avx2, 1 << 30).WeightBytes;
        long Floor(ModelConfig config) => Least(config, Precision.F32, InstructionSet.Avx2, 1, 1) - Weights(config);
        long router = 32L * dense.Width, further = (shared ? 6 : 5) * 3L * dense.FeedForward * dense.Width;
        Assert.That(Weights(mixture) - Weights(dense), Is.EqualTo(dense.Layers * sizeof(float) * (router + further)));
        Assert.That(Floor(mixture) - Floor(dense), Is.GreaterThan(2 * sizeof(float) * (dense.Width + dense.FeedForward)));
        long least = Least(mixture, Precision.W8A8, InstructionSet.Avx2, 1, 3);
        Assert.That(Plan(mixture, Precision.W8A8, InstructionSet.Avx2, least, 3).Pages, Is.EqualTo(2));
    }

    [Test]
    public void A_long_context_is_charged_for_what_the_pages_can_hold()
    {
        ModelConfig config = Shape with { ContextLength = 1 << 24 };
        MemoryPlan plan = Plan(config, Precision.W8A8, InstructionSet.Avx2, 1 << 28);
        long positions = Math.Min(2L * plan.Pages * PageSize.Tokens, config.ContextLength);
        const int Workers = 3;
        long partials = positions / PageSize.Tokens * Workers * AttentionCpu.Queries * (KvCacheCpu.PaddedWidth(config) + 2) * sizeof(float);
        long tables = (positions * config.HeadWidth * sizeof(float)) + partials;
        Assert.That((plan.Pages * KvCacheCpu.BytesOfPage(config, Precision.W8A8)) + tables, Is.InRange((1L << 28) * 9 / 10, 1L << 28));
    }

    [Test]
    public void Shapes_beyond_any_memory_are_refused_without_overflow()
    {
        ModelConfig config = Shape with { Layers = int.MaxValue, KvHeads = 1, Width = int.MaxValue, FeedForward = int.MaxValue / 2 };
        Assert.That(
            Refusal(config, Precision.F32, InstructionSet.Avx2, 1L << 40, int.MaxValue).Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));
    }

    static MemoryPlan Plan(ModelConfig config, Precision precision, InstructionSet set, long bytes, int batch = 0) =>
        MemoryPlan.For(config, precision, new Placement { Batch = batch, MemoryBytes = bytes, Threads = 3 }, set);

    static HarnessException Refusal(ModelConfig config, Precision precision, InstructionSet set, long bytes, int batch) =>
        Assert.Throws<HarnessException>(() => Plan(config, precision, set, bytes, batch))!;

    static long Least(ModelConfig config, Precision precision, InstructionSet set, long bytes, int batch) =>
        long.Parse(
            Stated().Match(Refusal(config, precision, set, bytes, batch).Message).Groups[1].Value,
            NumberStyles.AllowThousands,
            CultureInfo.CurrentCulture);

    [GeneratedRegex("and ([0-9]\\S*) in all")]
    private static partial Regex Stated();
}
