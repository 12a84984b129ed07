using Harness.Kernels.Cpu;

namespace Harness.Kernels.Training;

/// <summary>
/// The norm of all gradients together, by which they are clipped (Pascanu et al. 2013, arXiv 1211.5063): the squares of each row are summed
/// by <see cref="LaneReduction"/>, then the rows' sums of each tensor, then the tensors' sums in the ordinal order of their names.
/// </summary>
static unsafe class GradientNorm
{
    public static float Of(TrainedWeights weights)
    {
        float[] tensors = new float[weights.Tensors.Count];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = SumOfSquares(weights.Tensors[i]);
        return MathF.Sqrt(LaneReduction.Sum(tensors));
    }

    /// <summary>Of one tensor's gradient.</summary>
    public static float SumOfSquares(ParameterTensor tensor)
    {
        float[] rows = new float[tensor.Rows];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = LaneReduction.SumOfSquares(tensor.Matrix.Gradient.Row(tensor.FirstRow + row), tensor.Columns);
        return LaneReduction.Sum(rows);
    }
}
