using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>
/// Gradients of a whole model against finite differences of its loss in float64, and to the bit against the same arithmetic in plain loops.
/// </summary>
public class ModelGradientTests
{
    /// <summary>Values of a model that are moved, at least one a tensor.</summary>
    const int Samples = 120;

    /// <summary>Large, so that its gradients are no small part of the router's.</summary>
    const double BalanceLoss = 0.5;

    [TestCaseSource(typeof(TrainingShapes), nameof(TrainingShapes.AllModels))]
    public void Gradients_of_every_tensor_are_the_slopes_of_the_loss(ModelConfig config)
    {
        using var checkpoint = new RandomCheckpoint(config);
        using var weights = new TrainedWeights(config);
        weights.ReadFrom(checkpoint);
        using var pool = new WorkerPool(2);
        using var pass = new GradientPass(weights, pool, InstructionSets.Supported[^1], balanceLoss: BalanceLoss);
        TrainingBatch batch = TrainingShapes.Batch(config, sequences: 9, longest: 70);
        double loss = pass.Learn(new BatchRows(batch, config, 64));
        var reference = new DoubleTransformer(checkpoint);
        Assert.That(loss, Is.EqualTo(reference.Loss(batch)).Within(1e-5), "balance is no part of it");
        Assert.That(pass.Balance, Is.EqualTo(reference.Balance / config.Layers).Within(1e-5));
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            float[] gradient = Gradient(tensor);
            double largest = gradient.Max(MathF.Abs);
            double[] values = reference.Weights[tensor.Name];
            foreach (int i in FiniteDifferences.Some(values.Length, Math.Max(1, Samples / weights.Tensors.Count)))
            {
                double slope = FiniteDifferences.Slope(values, i, () => reference.Loss(batch, BalanceLoss));
                Assert.That(gradient[i], Is.EqualTo(slope).Within((2e-4 * largest) + 1e-7), $"{tensor.Name}[{i}]");
            }
        }
    }

    [TestCaseSource(typeof(TrainingShapes), nameof(TrainingShapes.AllModels))]
    public void Gradients_equal_the_scalar_form_bit_for_bit(ModelConfig config)
    {
        using var checkpoint = new RandomCheckpoint(config);
        TrainingBatch batch = TrainingShapes.Batch(config, sequences: 24);
        Dictionary<string, float[]> expected = new ScalarGradients(checkpoint, batch, BalanceLoss).Gradients;
        using var weights = new TrainedWeights(config);
        weights.ReadFrom(checkpoint);
        using var pool = new WorkerPool(3);
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            using var pass = new GradientPass(weights, pool, set, balanceLoss: BalanceLoss);
            pass.Learn(new BatchRows(batch, config, 1));
            foreach (ParameterTensor tensor in weights.Tensors)
                Assert.That(Gradient(tensor), Is.EqualTo(expected[tensor.Name]), $"{set}, {tensor.Name}");
        }
    }

    static float[] Gradient(ParameterTensor tensor) => [.. Enumerable.Range(0, tensor.Rows)
        .SelectMany(row => tensor.Matrix.Gradient.RowSpan(tensor.FirstRow + row).ToArray())];
}
