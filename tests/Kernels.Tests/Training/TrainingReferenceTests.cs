using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Cpu;
using Harness.Kernels.Training;
using Harness.Tests.Shared;
using Kernels.Tests.Checkpoints;

namespace Kernels.Tests.Training;

/// <summary>Three steps of transformers and torch in float32: losses, gradient norms, weights.</summary>
public class TrainingReferenceTests
{
    const string Folder = "reference/training-step";

    [Test]
    public void Steps_agree_with_transformers_and_torch()
    {
        JsonElement reference = ReferenceFiles.Read(Folder + "/steps.json");
        using ScratchFolder start = ModelFolder("initial.safetensors");
        using Checkpoint initial = ModelFiles.Open(start.Path);
        using CpuTrainer trainer = CpuTrainer.Create(initial, new AdamWSettings(), new TrainingPlacement { Threads = 2 });
        foreach (JsonElement step in reference.GetProperty("steps").EnumerateArray())
        {
            StepResult result = trainer.Step(Batch(step), 3e-3);
            Assert.That(result.Loss, Is.EqualTo(step.GetProperty("loss").GetDouble()).Within(2e-5), $"loss of step {result.Step}");
            double norm = step.GetProperty("grad_norm_total").GetDouble();
            Assert.That(result.GradientNorm, Is.EqualTo(norm).Within(2e-4 * norm), $"norm of step {result.Step}");
        }
        using ScratchFolder end = ModelFolder("after-3-steps.safetensors");
        using Checkpoint after = ModelFiles.Open(end.Path);
        foreach (NeededTensor tensor in TensorLayout.Of(after.Config))
        {
            float[] expected = new float[tensor.Rows * tensor.Columns], own = new float[expected.Length];
            after.ReadRows(tensor.Name, 0, expected);
            trainer.Checkpoint.ReadRows(tensor.Name, 0, own);
            float[] apart = [.. expected.Zip(own, (x, y) => MathF.Abs(x - y)).Order()];
            Assert.That(apart[^1], Is.LessThan(3e-4f), $"{tensor.Name}: the learning rate is 3e-3");
            Assert.That(apart[apart.Length * 99 / 100], Is.LessThan(1e-5f), tensor.Name);
        }
    }

    [Test]
    public void Gradient_norms_of_each_tensor_agree()
    {
        JsonElement step = ReferenceFiles.Read(Folder + "/steps.json").GetProperty("steps")[0];
        using ScratchFolder start = ModelFolder("initial.safetensors");
        using Checkpoint initial = ModelFiles.Open(start.Path);
        using var weights = new TrainedWeights(initial.Config);
        weights.ReadFrom(initial);
        using var pool = new WorkerPool(1);
        using var pass = new GradientPass(weights, pool, InstructionSets.Supported[^1]);
        pass.Learn(new BatchRows(Batch(step), initial.Config, 1000));
        JsonElement norms = step.GetProperty("grad_norm");
        foreach (NeededTensor needed in TensorLayout.Of(initial.Config))
        {
            double expected = norms.GetProperty(HuggingFaceModel.FileName(needed, initial.Config)).GetDouble();
            double own = Math.Sqrt(GradientNorm.SumOfSquares(weights.Tensors.Single(tensor => tensor.Name == needed.Name)));
            Assert.That(own, Is.EqualTo(expected).Within(1e-4 * expected), needed.Name);
        }
    }

    static TrainingBatch Batch(JsonElement step)
    {
        int[][] inputs = [.. step.GetProperty("input_ids").EnumerateArray().Select(Row)];
        int[][] labels = [.. step.GetProperty("labels").EnumerateArray().Select(Row)];
        return new TrainingBatch([SequenceGroup.Of([.. inputs.Zip(
            labels,
            (tokens, targets) => new TrainingSequence { Tokens = tokens, Weights = [.. targets.Select(label => label < 0 ? 0f : 1f)] })])]);
    }

    static int[] Row(JsonElement row) => [.. row.EnumerateArray().Select(value => value.GetInt32())];

    /// <summary>The weights with their configuration, and any tokenizer of as many words, which a folder needs.</summary>
    static ScratchFolder ModelFolder(string weights)
    {
        string source = Repository.Data(Folder);
        var folder = new ScratchFolder();
        folder.Write("config.json", File.ReadAllBytes(Path.Combine(source, "config.json")));
        folder.Write("model.safetensors", File.ReadAllBytes(Path.Combine(source, weights)));
        folder.Write("tokenizer.json", JsonSerializer.Serialize(TrainingTokenizer.Words(115)));
        return folder;
    }
}
