using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;

namespace Harness.Kernels.Models;

/// <summary>Tensors of the same inputs, stacked by rows into one matrix.</summary>
/// <param name="Checkpoint">Holds them.</param>
/// <param name="Columns">Inputs.</param>
/// <param name="Parts">In the order of their rows.</param>
sealed record StackedTensors(Checkpoint Checkpoint, int Columns, (string Tensor, int Rows)[] Parts)
{
    public int Rows { get; } = Parts.Sum(part => part.Rows);

    /// <summary>Whole rows, the first of them <paramref name="first"/>.</summary>
    public void Read(int first, Span<float> rows)
    {
        foreach ((string tensor, int count) in Parts)
        {
            if (first < count && rows.Length > 0)
            {
                int taken = Math.Min(count - first, rows.Length / Columns);
                Checkpoint.ReadRows(tensor, first, rows[..(taken * Columns)]);
                rows = rows[(taken * Columns)..];
                first = 0;
            }
            else
            {
                first -= count;
            }
        }
    }

    /// <summary>A layer's biases of q, k and v, one behind the other.</summary>
    /// <param name="biases">[q + 2 kv].</param>
    public static void ReadBiases(Checkpoint checkpoint, int layer, Span<float> biases)
    {
        ModelConfig config = checkpoint.Config;
        checkpoint.ReadRows(TensorNames.InLayer(layer, "q_bias"), 0, biases[..config.QueryWidth]);
        checkpoint.ReadRows(TensorNames.InLayer(layer, "k_bias"), 0, biases.Slice(config.QueryWidth, config.KvWidth));
        checkpoint.ReadRows(TensorNames.InLayer(layer, "v_bias"), 0, biases[(config.QueryWidth + config.KvWidth)..]);
    }
}
