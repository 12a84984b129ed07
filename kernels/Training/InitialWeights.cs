using Harness.Kernels.Checkpoints;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Training;

/// <summary>
/// Weights before training: matrices normal around 0, norms 1. Each value depends on (seed, layer, part, index) alone and has the same
/// bits everywhere: two Philox words of 53 bits make two normals by the transform of Box and Muller 1958, with the exact logarithm, sine
/// and cosine.
/// </summary>
/// <param name="StandardDeviation">Of matrices and embedding.</param>
/// <param name="ScaleOutputs">
/// Whether the matrices that add to the residual stream (o, down) have the deviation divided by sqrt(2 layers), so that the stream does not
/// grow with depth, as in GPT-2 (Radford et al. 2019).
/// </param>
public sealed record InitialWeights(ulong Seed, double StandardDeviation = 0.02, bool ScaleOutputs = true)
{
    /// <summary>A part's place is a word of the random counter, so the order never changes.</summary>
    static readonly string[] Parts =
        [TensorNames.Embedding, TensorNames.Head, "q", "k", "v", "o", "gate", "up", "down", TensorNames.Router];

    /// <summary>Places from an expert's parts to the next one's.</summary>
    const uint PlacesOfExpert = 16;

    /// <summary>Fills all weights.</summary>
    internal void Fill(TrainedWeights weights)
    {
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            if (tensor.IsVector)
                tensor.Matrix.Weights.RowSpan(tensor.FirstRow).Fill(1f);
            else
                Fill(tensor, weights.Config.Layers);
        }
        weights.Transpose();
    }

    void Fill(ParameterTensor tensor, int layers)
    {
        string[] path = tensor.Name.Split('.');
        string part = path[^1];
        uint layer = path.Length == 1 ? 0 : uint.Parse(path[1]) + 1;
        uint ofExpert = path is [_, _, "experts", string expert, _] ? (uint.Parse(expert) + 1) * PlacesOfExpert : 0;
        uint place = (uint)Array.IndexOf(Parts, part) + ofExpert;
        double deviation = ScaleOutputs && part is ("o" or "down") ? StandardDeviation / Math.Sqrt(2.0 * layers) : StandardDeviation;
        uint block = 0;
        (double first, double second) = (0, 0);
        bool odd = false;
        for (int row = 0; row < tensor.Rows; row++)
        {
            foreach (ref float weight in tensor.Matrix.Weights.RowSpan(tensor.FirstRow + row))
            {
                if (!odd)
                    (first, second) = Normals(Philox.Block(Seed, block++, place, layer, RandomPurpose.InitialWeight));
                weight = (float)((odd ? second : first) * deviation);
                odd = !odd;
            }
        }
    }

    static (double, double) Normals((uint X0, uint X1, uint X2, uint X3) words)
    {
        double radius = Math.Sqrt(-2 * ExactDouble.Log(Fraction(words.X0, words.X1)));
        double angle = 2 * Math.PI * Fraction(words.X2, words.X3);
        return (radius * ExactDouble.Cos(angle), radius * ExactDouble.Sin(angle));
    }

    /// <summary>A multiple of 2^-53 above 0, at most 1.</summary>
    static double Fraction(uint low, uint high) => (((((ulong)high << 32) | low) >> 11) + 1) * (1.0 / (1L << 53));
}
