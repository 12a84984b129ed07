using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;

namespace Harness.Kernels.Training;

/// <summary>
/// Layers on top of a model's own, whose matrices that add to the residual stream (o, down) are zero: the model is at first the one that it
/// was, and has more to learn with (blocks that are expanded so: Wu et al. 2024, LLaMA Pro, arXiv 2401.02415).
/// </summary>
/// <param name="Count">How many; 0: none.</param>
/// <param name="Initial">Of their other weights.</param>
public sealed record AddedLayers(int Count, InitialWeights Initial)
{
    static readonly string[] silent = ["o", "down"];

    /// <summary>The shape with them.</summary>
    public ModelConfig On(ModelConfig config) => config with { Layers = config.Layers + Count };

    /// <summary>Fills weights of that shape.</summary>
    internal void Fill(TrainedWeights weights, Checkpoint below)
    {
        Initial.Fill(weights);
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            bool isKnown = below.Has(tensor.Name);
            if (!isKnown && !silent.Contains(tensor.Name.Split('.')[^1]))
                continue;
            for (int row = 0; row < tensor.Rows; row++)
            {
                Span<float> values = tensor.Matrix.Weights.RowSpan(tensor.FirstRow + row);
                if (isKnown)
                    below.ReadRows(tensor.Name, row, values);
                else
                    values.Clear();
            }
        }
        weights.Transpose();
    }
}
