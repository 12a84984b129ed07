using Harness.Kernels.Configuration;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

public class AddedLayersTests
{
    [Test]
    public void Layers_on_top_say_nothing_until_they_have_learnt()
    {
        ModelConfig config = TrainingShapes.Grouped;
        using var checkpoint = new RandomCheckpoint(config);
        TrainingPlacement placement = new() { Threads = 2 };
        TrainingBatch batch = TrainingShapes.Batch(config);
        using CpuTrainer plain = CpuTrainer.Create(checkpoint, TrainingShapes.Settings, placement);
        using CpuTrainer deeper = CpuTrainer.Create(
            checkpoint, new AddedLayers(2, new InitialWeights(5)), TrainingShapes.Settings, placement);
        Assert.That(deeper.Config.Layers, Is.EqualTo(config.Layers + 2));
        Assert.That(deeper.Evaluate(batch), Is.EqualTo(plain.Evaluate(batch)));
        Assert.That(deeper.LogProbabilities.ToArray(), Is.EqualTo(plain.LogProbabilities.ToArray()));

        float[] queries = Read(deeper, $"layers.{config.Layers}.q", config), outputs = Read(deeper, $"layers.{config.Layers}.o", config);
        Assert.That(queries, Has.Some.Not.Zero);
        Assert.That(outputs, Is.All.Zero);
        for (int step = 0; step < 3; step++)
        {
            plain.Step(batch, 1e-2);
            deeper.Step(batch, 1e-2);
        }
        Assert.That(Read(deeper, $"layers.{config.Layers}.o", config), Has.Some.Not.Zero);
        Assert.That(Read(deeper, $"layers.{config.Layers}.q", config), Is.Not.EqualTo(queries));
        Assert.That(deeper.Evaluate(batch), Is.Not.EqualTo(plain.Evaluate(batch)));
    }

    [Test]
    public void Without_any_the_model_is_the_one_that_it_was()
    {
        ModelConfig config = TrainingShapes.Untied;
        using var checkpoint = new RandomCheckpoint(config);
        TrainingPlacement placement = new() { Threads = 1 };
        using CpuTrainer plain = CpuTrainer.Create(checkpoint, TrainingShapes.Settings, placement);
        using CpuTrainer same = CpuTrainer.Create(
            checkpoint, new AddedLayers(0, new InitialWeights(5)), TrainingShapes.Settings, placement);
        Assert.That(same.WeightsHash(), Is.EqualTo(plain.WeightsHash()));
    }

    static float[] Read(CpuTrainer trainer, string tensor, ModelConfig config)
    {
        float[] row = new float[tensor.EndsWith(".o", StringComparison.Ordinal) ? config.QueryWidth : config.Width];
        trainer.Checkpoint.ReadRows(tensor, 0, row);
        return row;
    }
}
