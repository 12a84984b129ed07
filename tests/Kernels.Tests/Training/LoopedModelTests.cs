using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Training;
using Kernels.Tests.Checkpoints;

namespace Kernels.Tests.Training;

/// <summary>A model whose layers are passed several times is one of so many more layers that share their weights.</summary>
public class LoopedModelTests
{
    const int Most = 4;

    static CpuTrainer Looped(ModelConfig config, TrainingPlacement? placement = null) => CpuTrainer.Create(
        config, new InitialWeights(3, 0.3), TrainingShapes.Settings, placement ?? new TrainingPlacement { Threads = 2 }, Most);

    static CpuTrainer Unrolled(CpuTrainer looped, int loops)
    {
        using UnrolledCheckpoint model = new(looped.Checkpoint, loops);
        return CpuTrainer.Create(model, TrainingShapes.Settings, new TrainingPlacement { Threads = 2 });
    }

    [TestCase(1), TestCase(2), TestCase(4)]
    public void Log_probabilities_are_those_of_the_unrolled_model(int loops)
    {
        ModelConfig config = TrainingShapes.Grouped;
        TrainingBatch batch = TrainingShapes.Batch(config);
        using CpuTrainer looped = Looped(config), unrolled = Unrolled(looped, loops);
        Assert.That(looped.Evaluate(batch, loops), Is.EqualTo(unrolled.Evaluate(batch)));
        Assert.That(looped.LogProbabilities.ToArray(), Is.EqualTo(unrolled.LogProbabilities.ToArray()));
    }

    /// <summary>The gradient of a shared weight is the sum over passes, in their order, of those of the unrolled model.</summary>
    [TestCase(true, 3), TestCase(false, 2), TestCase(true, 1)]
    public void Gradients_are_the_sums_over_passes_of_those_of_the_unrolled_model(bool tied, int loops)
    {
        ModelConfig config = tied ? TrainingShapes.Grouped : TrainingShapes.Untied;
        TrainingBatch batch = TrainingShapes.Batch(config, sequences: 24);
        using RandomCheckpoint checkpoint = new(config);
        using UnrolledCheckpoint unrolled = new(checkpoint, loops);
        Dictionary<string, float[]> parts = Gradients(unrolled, batch, 1);
        foreach ((string name, float[] gradient) in Gradients(checkpoint, batch, loops))
        {
            string[] path = name.Split('.');
            float[] expected = [.. parts[name]];
            for (int pass = 1; path.Length > 1 && pass < loops; pass++)
            {
                float[] more = parts[TensorNames.InLayer((pass * config.Layers) + int.Parse(path[1]), path[2])];
                for (int i = 0; i < expected.Length; i++)
                    expected[i] += more[i];
            }
            Assert.That(gradient, Is.EqualTo(expected), name);
        }
    }

    /// <summary>A step of fewer passes leaves nothing of an earlier one's.</summary>
    [Test]
    public void A_step_does_not_depend_on_the_passes_of_the_one_before()
    {
        ModelConfig config = TrainingShapes.Grouped;
        using RandomCheckpoint checkpoint = new(config);
        using TrainedWeights weights = new(config);
        weights.ReadFrom(checkpoint);
        using WorkerPool pool = new(2);
        using GradientPass pass = new(weights, pool, InstructionSets.Supported[^1], Most);
        BatchRows rows = new(TrainingShapes.Batch(config), config, 64);
        pass.Learn(rows, 2);
        float[][] first = [.. weights.Tensors.Select(Gradient)];
        pass.Learn(rows, Most);
        pass.Learn(rows, 2);
        Assert.That(weights.Tensors.Select(Gradient), Is.EqualTo(first));
    }

    [Test]
    public void Weights_are_the_same_at_every_thread_count_instruction_set_and_micro_batch()
    {
        string[] hashes =
        [
            .. from set in InstructionSets.Supported
               from place in new (int Threads, int Tokens)[] { (1, 1), (2, 1000), (3, 64), (4, 5000) }
               select Train(new TrainingPlacement { Threads = place.Threads, Isa = set.ToString(), MicroBatchTokens = place.Tokens }),
        ];
        Assert.That(hashes.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void More_passes_than_were_asked_for_are_refused()
    {
        using CpuTrainer looped = Looped(TrainingShapes.Grouped);
        TrainingBatch batch = TrainingShapes.Batch(TrainingShapes.Grouped);
        Assert.That(() => looped.Step(batch, 1e-3, Most + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => looped.Step(batch, 1e-3, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Its_folder_is_read_as_the_unrolled_model()
    {
        using ScratchFolder folder = new();
        using CpuTrainer looped = Looped(TrainingShapes.Grouped);
        SpecialTokens tokens = new(1, 2, 0);
        string own = Path.Combine(folder.Path, "own"), unrolled = Path.Combine(folder.Path, "unrolled");
        HuggingFaceWriter.Write(own, looped.Checkpoint, tokens, Files(TrainingShapes.Grouped), loops: 3);
        using (UnrolledCheckpoint three = new(looped.Checkpoint, 3))
            HuggingFaceWriter.Write(unrolled, three, tokens, Files(TrainingShapes.Grouped));
        using Checkpoint first = ModelFiles.Open(own), second = ModelFiles.Open(unrolled);
        Assert.That(first.Config, Is.EqualTo(second.Config));
        Assert.That(first.ContentHash, Has.Length.EqualTo(64).And.Not.EqualTo(second.ContentHash));
        float[] one = new float[first.Config.Width], other = new float[first.Config.Width];
        for (int layer = 0; layer < first.Config.Layers; layer++)
        {
            first.ReadRows(TensorNames.InLayer(layer, "q"), 1, one);
            second.ReadRows(TensorNames.InLayer(layer, "q"), 1, other);
            Assert.That(one, Is.EqualTo(other), $"layer {layer}");
        }
        string config = Path.Combine(own, "config.json");
        Assert.That(File.ReadAllText(config), Does.Contain("looped_llama"), "transformers does not know it");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"num_loops\": 3", "\"num_loops\": 0"));
        Assert.That(() => ModelFiles.Open(own), Throws.InstanceOf<HarnessException>().With.Message.Contains("num_loops"));
    }

    static string Train(TrainingPlacement placement)
    {
        ModelConfig config = TrainingShapes.Grouped;
        using CpuTrainer trainer = Looped(config, placement);
        for (int step = 1; step <= 3; step++)
            trainer.Step(TrainingShapes.Batch(config, step), 3e-3, 1 + (step % Most));
        return trainer.WeightsHash();
    }

    static Dictionary<string, float[]> Gradients(Checkpoint checkpoint, TrainingBatch batch, int loops)
    {
        using TrainedWeights weights = new(checkpoint.Config);
        weights.ReadFrom(checkpoint);
        using WorkerPool pool = new(3);
        using GradientPass pass = new(weights, pool, InstructionSets.Supported[^1], Math.Max(loops, Most));
        pass.Learn(new BatchRows(batch, checkpoint.Config, 64), loops);
        return weights.Tensors.ToDictionary(tensor => tensor.Name, Gradient);
    }

    static float[] Gradient(ParameterTensor tensor) => [.. Enumerable.Range(0, tensor.Rows)
        .SelectMany(row => tensor.Matrix.Gradient.RowSpan(tensor.FirstRow + row).ToArray())];

    static Dictionary<string, ReadOnlyMemory<byte>> Files(ModelConfig config) => new()
    {
        ["tokenizer.json"] = JsonSerializer.SerializeToUtf8Bytes(TrainingTokenizer.Words(config.Vocabulary)),
    };
}
