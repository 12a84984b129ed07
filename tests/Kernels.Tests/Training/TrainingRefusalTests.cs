using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

public class TrainingRefusalTests
{
    static readonly TrainingPlacement Placement = new() { Threads = 1 };

    [Test]
    public void A_loss_that_is_not_a_number_stops_with_the_step_and_leaves_the_weights()
    {
        ModelConfig config = TrainingShapes.Grouped;
        using var checkpoint = new RandomCheckpoint(config);
        using CpuTrainer trainer = CpuTrainer.Create(checkpoint, TrainingShapes.Settings, Placement);
        TrainingBatch batch = new([SequenceGroup.Of([TrainingSequence.Of(1, 2, 3)])]);
        trainer.Step(batch, 1e-3);
        checkpoint["layers.1.down"][3] = float.NaN;
        using CpuTrainer broken = CpuTrainer.Create(checkpoint, TrainingShapes.Settings, Placement);
        string before = broken.WeightsHash();
        HarnessException error = Assert.Throws<HarnessException>(() => broken.Step(batch, 1e-3))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.TrainingNotFinite));
        Assert.That(error.Message, Does.Contain("step 1"));
        Assert.That(broken.WeightsHash(), Is.EqualTo(before));
        Assert.That(broken.Steps, Is.Zero);
    }

    [Test]
    public void Models_that_can_not_be_trained_are_refused_before_anything_runs()
    {
        ModelConfig config = TrainingShapes.Grouped;
        AssertRefused(config with { Heads = 3 }, KernelCodes.ModelCorrupt);
        AssertRefused(config with { HeadWidth = 7 }, KernelCodes.ModelCorrupt);
        AssertRefused(config with { Layers = 0 }, KernelCodes.ModelCorrupt);
        AssertRefused(config with { QkvBias = true }, KernelCodes.ArchitectureUnsupported);
        AssertRefused(config with { HeadNorms = true }, KernelCodes.ArchitectureUnsupported);
        AssertRefused(config, KernelCodes.MemoryBudget, new TrainingPlacement { Threads = 1, MemoryBytes = 100_000 });
        AssertRefused(config, KernelCodes.BadPlacement, new TrainingPlacement { Threads = -1 });
        AssertRefused(config, KernelCodes.BadPlacement, new TrainingPlacement { Isa = "mmx" });
    }

    [Test]
    public void Batches_that_do_not_fit_are_refused()
    {
        ModelConfig config = TrainingShapes.Grouped;
        using CpuTrainer trainer = CpuTrainer.Create(config, new InitialWeights(1), TrainingShapes.Settings, Placement);
        AssertBatch(KernelCodes.TokenOutsideVocabulary, 1, config.Vocabulary);
        AssertBatch(KernelCodes.PromptTooLong, [.. Enumerable.Repeat(1, config.ContextLength + 2)]);
        Assert.Throws<ArgumentException>(() => trainer.Step(new TrainingBatch([SequenceGroup.Of([TrainingSequence.Of(1)])]), 1));
        TrainingSequence masked = new() { Tokens = [1, 2], Weights = [1, 0] };
        Assert.Throws<ArgumentException>(() => trainer.Step(new TrainingBatch([SequenceGroup.Of([masked])]), 1));
        long least = (long)CpuTrainer.MemoryBytes(config, TrainingShapes.Batch(config), Placement);
        using CpuTrainer tight = CpuTrainer.Create(
            config, new InitialWeights(1), TrainingShapes.Settings, Placement with { MemoryBytes = least - 1 });
        HarnessException error = Assert.Throws<HarnessException>(() => tight.Step(TrainingShapes.Batch(config), 1))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.MemoryBudget));

        void AssertBatch(Diagnostic code, params int[] tokens)
        {
            TrainingBatch batch = new([SequenceGroup.Of([TrainingSequence.Of(tokens)])]);
            Assert.That(Assert.Throws<HarnessException>(() => trainer.Step(batch, 1))!.Diagnostic, Is.EqualTo(code));
        }
    }

    static void AssertRefused(ModelConfig config, Diagnostic code, TrainingPlacement? placement = null)
    {
        HarnessException error = Assert.Throws<HarnessException>(
            () => CpuTrainer.Create(config, new InitialWeights(1), TrainingShapes.Settings, placement ?? Placement))!;
        Assert.That(error.Diagnostic, Is.EqualTo(code));
    }
}
