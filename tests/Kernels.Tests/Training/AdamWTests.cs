using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

public unsafe class AdamWTests
{
    static readonly AdamWSettings Settings = new() { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6, WeightDecay = 0.3, ClipNorm = 2 };

    [Test]
    public void Updates_are_those_of_the_paper([Values] bool decays)
    {
        const int Rows = 3, Columns = 11;
        using var matrix = new TrainedMatrix(Rows, Columns, transposed: false);
        var tensor = new ParameterTensor("w", matrix, 0, Rows, IsVector: false, decays);
        double[] w = new double[Rows * Columns], m = new double[w.Length], v = new double[w.Length];
        var random = new Random(1);
        for (int i = 0; i < w.Length; i++)
            w[i] = matrix.Weights.Row(i / Columns)[i % Columns] = random.NextSingle() - 0.5f;
        for (int step = 1; step <= 5; step++)
        {
            for (int i = 0; i < w.Length; i++)
                matrix.Gradient.Row(i / Columns)[i % Columns] = random.NextSingle() - 0.5f;
            float norm = step % 2 == 0 ? 5 : 1;
            double rate = 0.01 * step;
            new AdamW(Settings, step, rate, norm).Update(tensor, 0, Rows);
            for (int i = 0; i < w.Length; i++)
            {
                double g = matrix.Gradient.Row(i / Columns)[i % Columns] * (step % 2 == 0 ? 0.4 : 1);
                m[i] = (0.8 * m[i]) + (0.2 * g);
                v[i] = (0.95 * v[i]) + (0.05 * g * g);
                double corrected = m[i] / (1 - Math.Pow(0.8, step)), second = v[i] / (1 - Math.Pow(0.95, step));
                w[i] -= rate * ((corrected / (Math.Sqrt(second) + 1e-6)) + (decays ? 0.3 * w[i] : 0));
                Assert.That(matrix.Weights.Row(i / Columns)[i % Columns], Is.EqualTo(w[i]).Within(1e-6), $"step {step}, {i}");
            }
        }
    }

    [Test]
    public void Matrices_decay_and_embeddings_tied_heads_and_norms_do_not()
    {
        using var tied = new TrainedWeights(TrainingShapes.Grouped);
        using var untied = new TrainedWeights(TrainingShapes.Untied);
        string[] kept = [.. tied.Tensors.Concat(untied.Tensors).Where(tensor => !tensor.Decays).Select(tensor => tensor.Name).Distinct()];
        Assert.That(kept, Is.EquivalentTo(new[]
        {
            "embedding", "final_norm", "layers.0.attention_norm", "layers.0.ffn_norm", "layers.1.attention_norm", "layers.1.ffn_norm",
        }));
        Assert.That(untied.Tensors.Single(tensor => tensor.Name == "head").Decays, Is.True);
        Assert.That(tied.Tensors.Select(tensor => tensor.Name), Is.Ordered.Using<string>(StringComparer.Ordinal));
    }

    [Test]
    public void Norm_is_of_all_gradients_together()
    {
        using var weights = new TrainedWeights(TrainingShapes.Untied);
        var random = new Random(2);
        double squares = 0;
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            for (int row = 0; row < tensor.Rows; row++)
            {
                foreach (ref float value in tensor.Matrix.Gradient.RowSpan(tensor.FirstRow + row))
                {
                    value = random.NextSingle() - 0.5f;
                    squares += (double)value * value;
                }
            }
        }
        Assert.That(GradientNorm.Of(weights), Is.EqualTo(Math.Sqrt(squares)).Within(1e-5 * Math.Sqrt(squares)));
    }

    [Test]
    public void Rates_rise_stay_and_fall_to_zero_after_the_last_step()
    {
        WarmupStableDecay schedule = WarmupStableDecay.WithShare(2, 20, 4, 0.25);
        double[] rates = [.. Enumerable.Range(1, 20).Select(step => schedule.RateAt(step))];
        Assert.That(rates[..5], Is.EqualTo(new[] { 0.5, 1, 1.5, 2, 2 }));
        Assert.That(rates[5..15], Is.All.EqualTo(2));
        Assert.That(rates[15..], Is.EqualTo(new[] { 5, 4, 3, 2, 1 }.Select(left => left / 6.0 * 2)).Within(1e-15));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.RateAt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.RateAt(21));
    }
}
