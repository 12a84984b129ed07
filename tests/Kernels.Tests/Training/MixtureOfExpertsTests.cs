using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Routing;
using Harness.Kernels.Training;
using Kernels.Tests.Checkpoints;

namespace Kernels.Tests.Training;

/// <summary>
/// Training of mixtures of experts: where it runs never shows, padding passes no expert, and balance is what its formula says.
/// </summary>
public class MixtureOfExpertsTests
{
    const double BalanceLoss = 0.05;

    static readonly (int Threads, int Tokens)[] Places = [(1, 1), (2, 1000), (3, 64), (4, 5000), (2, 333)];

    /// <summary>Weights of these steps: a change of them is another training.</summary>
    [TestCase(false, 1, "9add3ca553c3d63d")]
    [TestCase(true, 1, "81044be702031076")]
    [TestCase(false, 3, "de15724b3ee1df63")]
    public void Weights_have_the_committed_hash_at_every_thread_count_instruction_set_and_micro_batch(bool many, int loops, string expected)
    {
        ModelConfig config = many ? TrainingShapes.ManyExperts : TrainingShapes.Mixture;
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            foreach ((int threads, int tokens) in Places)
            {
                var placement = new TrainingPlacement { Threads = threads, Isa = set.ToString(), MicroBatchTokens = tokens };
                Assert.That(Train(config, placement, loops)[..16], Is.EqualTo(expected), placement.ToString());
            }
        }
    }

    /// <summary>Blocks are of 64 of an expert's own tokens: sums over the tokens' places in the batch are others.</summary>
    [Test]
    public void Micro_batches_really_end_within_an_experts_block()
    {
        ModelConfig config = TrainingShapes.Mixture;
        var rows = new BatchRows(TrainingShapes.Batch(config), config, 1);
        Assert.That(rows.MicroBatches.Count, Is.GreaterThan(3));
        Assert.That(rows.Tokens, Is.LessThan(rows.Rows).And.GreaterThan(5 * 64), "some is padding");
    }

    [Test]
    public void What_lies_in_the_padding_is_of_no_effect()
    {
        ModelConfig config = TrainingShapes.Mixture;
        TrainingSequence whole = TrainingSequence.Of(1, 2, 3, 4, 5, 6, 7), shorter = TrainingSequence.Of(1, 2, 3, 4);
        double[] balances = [.. new[] { 7, 30 }.Select(padded =>
        {
            using CpuTrainer trainer = Create(config, new TrainingPlacement { Threads = 1 });
            var group = new SequenceGroup { PaddedLength = padded, Sequences = [whole, shorter, whole] };
            return trainer.Step(new TrainingBatch([group]), 1e-2).Balance;
        })];
        Assert.That(balances[1], Is.EqualTo(balances[0]).And.GreaterThan(1));
    }

    [Test]
    public void A_resumed_run_gives_the_bytes_of_one_that_was_not_interrupted()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "state");
        ModelConfig config = TrainingShapes.Mixture;
        using CpuTrainer whole = Create(config, new TrainingPlacement { Threads = 2 });
        using CpuTrainer resumed = Create(config, new TrainingPlacement { Threads = 1, MicroBatchTokens = 1 });
        for (int step = 1; step <= 4; step++)
        {
            whole.Step(TrainingShapes.Batch(config, step), 3e-3);
            if (step == 2)
                whole.Save(path, "run");
        }
        resumed.Resume(path, "run");
        for (int step = 3; step <= 4; step++)
            resumed.Step(TrainingShapes.Batch(config, step), 3e-3);
        Assert.That(resumed.WeightsHash(), Is.EqualTo(whole.WeightsHash()));
    }

    [Test]
    public void An_expert_that_no_token_chooses_has_no_gradient_and_only_decays()
    {
        ModelConfig config = TrainingShapes.ManyExperts;
        using var checkpoint = new RandomCheckpoint(config);
        using var weights = new TrainedWeights(config);
        weights.ReadFrom(checkpoint);
        using var pool = new WorkerPool(2);
        using var pass = new GradientPass(weights, pool, InstructionSets.Supported[^1]);
        pass.Learn(new BatchRows(TrainingShapes.Batch(config), config, 100));
        pass.Learn(new BatchRows(new TrainingBatch([SequenceGroup.Of([TrainingSequence.Of(1, 2, 3)])]), config, 100));
        int[] touched = [.. Enumerable.Range(0, config.Experts!.Count).Where(expert => Norm(weights, expert) > 0)];
        Assert.That(touched, Has.Length.InRange(3, 6), "two tokens choose three experts each");
    }

    [Test]
    public void The_balance_loss_makes_tokens_share_the_experts()
    {
        ModelConfig config = TrainingShapes.Mixture;
        double Balance(double coefficient)
        {
            using CpuTrainer trainer = CpuTrainer.Create(
                config, new InitialWeights(5, 0.3), TrainingShapes.Settings, new TrainingPlacement { Threads = 2 }, 1, coefficient);
            double last = 0;
            for (int step = 1; step <= 40; step++)
                last = trainer.Step(TrainingShapes.Batch(config, step), 3e-3).Balance;
            return last;
        }
        double without = Balance(0), with = Balance(0.5);
        Assert.That(with, Is.LessThan(without - 0.1).And.GreaterThan(1), $"without it {without}");
    }

    [TestCase(true)]
    [TestCase(false)]
    public unsafe void Gradients_of_the_router_are_slopes(bool normalised)
    {
        var shape = new ExpertShape { Count = 37, Active = 5, Normalised = normalised };
        float[] logits = [.. FiniteDifferences.Uniform(shape.Count, 1).Select(value => value * 3)], gradient = [.. logits];
        float[] ofFactors = FiniteDifferences.Uniform(shape.Active, 2), ofAll = FiniteDifferences.Uniform(shape.Count, 3);
        int[] experts = new int[shape.Active];
        float[] factors = new float[shape.Active];
        fixed (float* row = gradient, weights = factors, all = ofAll)
        fixed (int* chosen = experts)
        {
            RouterCpu.Run(row, shape, chosen, weights);
            RouterBackward.Run(row, shape, chosen, ofFactors, all, new float[shape.Count]);
        }
        double[] xs = FiniteDifferences.Widen(logits);
        double Value()
        {
            double sum = xs.Sum(Math.Exp), counted = normalised ? experts.Sum(expert => Math.Exp(xs[expert])) : sum;
            return experts.Index().Sum(each => ofFactors[each.Index] * Math.Exp(xs[each.Item]) / counted)
                + xs.Index().Sum(each => ofAll[each.Index] * Math.Exp(each.Item) / sum);
        }
        for (int i = 0; i < xs.Length; i++)
            Assert.That(gradient[i], Is.EqualTo(FiniteDifferences.Slope(xs, i, Value)).Within(1e-6), $"logit {i}");
    }

    [Test]
    public void A_shared_expert_is_not_trained()
    {
        ModelConfig config = TrainingShapes.Mixture;
        config = config with { Experts = config.Experts! with { SharedFeedForward = 8 } };
        HarnessException error = Assert.Throws<HarnessException>(() => Create(config, new TrainingPlacement { Threads = 1 }))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.ArchitectureUnsupported));
        Assert.That(error.Message, Does.Contain("shared expert"));
    }

    static double Norm(TrainedWeights weights, int expert) => weights.Tensors
        .Where(tensor => tensor.Name.Contains($".{TensorNames.OfExpert(expert, "")}", StringComparison.Ordinal))
        .Sum(tensor => GradientNorm.SumOfSquares(tensor));

    static CpuTrainer Create(ModelConfig config, TrainingPlacement placement, int loops = 1) =>
        CpuTrainer.Create(config, new InitialWeights(7, 0.1), TrainingShapes.Settings, placement, loops, BalanceLoss);

    static string Train(ModelConfig config, TrainingPlacement placement, int loops)
    {
        using CpuTrainer trainer = Create(config, placement, loops);
        for (int step = 1; step <= 3; step++)
            trainer.Step(TrainingShapes.Batch(config, step), 3e-3, loops == 1 ? 1 : 1 + (step % loops));
        return trainer.WeightsHash();
    }
}
