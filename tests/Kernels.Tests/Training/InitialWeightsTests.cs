using Harness.Kernels.Configuration;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

public class InitialWeightsTests
{
    static readonly ModelConfig Config =
        RandomCheckpoint.Shape(width: 64, heads: 4, kvHeads: 4, headWidth: 16, feedForward: 256, vocabulary: 128);

    /// <summary>Every training begins with them: a change of them is another one.</summary>
    [Test]
    public void Weights_have_the_committed_hash() => Assert.That(Filled(1).Hash()[..16], Is.EqualTo("cdd11adae8b6c621"));

    [Test]
    public void Values_are_normal_with_the_stated_deviation()
    {
        TrainedWeights weights = Filled(1);
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            double[] values = Values(tensor);
            if (tensor.IsVector)
            {
                Assert.That(values, Is.All.EqualTo(1));
                continue;
            }
            double deviation = tensor.Name.Split('.')[^1] is "o" or "down" ? 0.02 / 2 : 0.02;
            double error = 1 / Math.Sqrt(values.Length);
            Assert.That(values.Average() / deviation, Is.Zero.Within(5 * error), tensor.Name);
            Assert.That(values.Average(value => value * value) / (deviation * deviation), Is.EqualTo(1).Within(7.1 * error), tensor.Name);
            Assert.That(values.Average(value => Math.Pow(value / deviation, 4)), Is.EqualTo(3).Within(49 * error), tensor.Name);
            double within = values.Count(value => Math.Abs(value) < deviation) / (double)values.Length;
            Assert.That(within, Is.EqualTo(0.6827).Within(0.03), tensor.Name);
        }
    }

    [Test]
    public void A_value_depends_on_seed_layer_part_and_index_alone()
    {
        TrainedWeights weights = Filled(1);
        double[][] tensors = [.. weights.Tensors.Where(tensor => !tensor.IsVector).Select(Values), .. Filled(2).Tensors
            .Where(tensor => !tensor.IsVector).Select(Values)];
        Assert.That(tensors.Select(values => values[0]), Is.Unique);
        using var deeper = new TrainedWeights(Config with { Layers = 3, TiedEmbedding = false });
        new InitialWeights(1).Fill(deeper);
        foreach (string name in new[] { "embedding", "layers.1.q", "layers.0.up" })
            Assert.That(
                Values(deeper.Tensors.Single(tensor => tensor.Name == name)),
                Is.EqualTo(Values(weights.Tensors.Single(tensor => tensor.Name == name))));
    }

    static TrainedWeights Filled(ulong seed)
    {
        var weights = new TrainedWeights(Config);
        new InitialWeights(seed).Fill(weights);
        return weights;
    }

    static double[] Values(ParameterTensor tensor) => [.. Enumerable.Range(0, tensor.Rows)
        .SelectMany(row => tensor.Matrix.Weights.RowSpan(tensor.FirstRow + row).ToArray())];
}
