using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Kernels.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101), in float32 with IEEE division and square root; what is the same for all weights of
/// a step is in <see cref="AdamWFactors"/>.
/// </summary>
/// <remarks>
/// g = gradient clip; m += (1 - beta1) (g - m); v = beta2 v + (1 - beta2) g^2; w = w (1 - rate decay) - rate / (1 - beta1^t) m / (sqrt(v) /
/// sqrt(1 - beta2^t) + epsilon), the products with sums fused.
/// </remarks>
sealed unsafe class AdamW
{
    readonly Vector256<float> clip;
    readonly Vector256<float> beta1Rest;
    readonly Vector256<float> beta2;
    readonly Vector256<float> beta2Rest;
    readonly Vector256<float> secondCorrection;
    readonly Vector256<float> epsilon;
    readonly Vector256<float> negativeRate;
    readonly float decay;

    /// <param name="settings">Of the run.</param>
    /// <param name="step">1-based.</param>
    /// <param name="learningRate">Of the step.</param>
    /// <param name="gradientNorm">Of all gradients together.</param>
    public AdamW(AdamWSettings settings, long step, double learningRate, float gradientNorm)
    {
        var factors = new AdamWFactors(settings, step, learningRate, gradientNorm);
        clip = Vector256.Create(factors.Clip);
        beta1Rest = Vector256.Create(factors.Beta1Rest);
        beta2 = Vector256.Create(factors.Beta2);
        beta2Rest = Vector256.Create(factors.Beta2Rest);
        secondCorrection = Vector256.Create(factors.SecondCorrection);
        epsilon = Vector256.Create(factors.Epsilon);
        negativeRate = Vector256.Create(factors.NegativeRate);
        decay = factors.Decay;
    }

    /// <summary>Updates weights and moments of some rows of a tensor.</summary>
    /// <param name="tensor">Its gradient is read.</param>
    /// <param name="first">First row, in the tensor.</param>
    /// <param name="end">Row after the last.</param>
    public void Update(ParameterTensor tensor, int first, int end)
    {
        TrainedMatrix matrix = tensor.Matrix;
        Vector256<float> kept = Vector256.Create(tensor.Decays ? decay : 1f);
        for (int row = tensor.FirstRow + first; row < tensor.FirstRow + end; row++)
        {
            float* w = matrix.Weights.Row(row), g = matrix.Gradient.Row(row);
            float* m = matrix.FirstMoment.Row(row), v = matrix.SecondMoment.Row(row);
            // Rows are a whole number of vectors apart; what lies behind the columns is no weight, and stays finite.
            for (int i = 0; i < tensor.Columns; i += 8)
                Eight(w + i, g + i, m + i, v + i, kept);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Eight(float* w, float* g, float* m, float* v, Vector256<float> kept)
    {
        Vector256<float> gradient = Vector256.Load(g) * clip, first = Vector256.Load(m);
        first = Vector256.FusedMultiplyAdd(gradient - first, beta1Rest, first);
        Vector256<float> second = Vector256.FusedMultiplyAdd(gradient * gradient, beta2Rest, Vector256.Load(v) * beta2);
        Vector256<float> denominator = (Vector256.Sqrt(second) / secondCorrection) + epsilon;
        first.Store(m);
        second.Store(v);
        Vector256.FusedMultiplyAdd(negativeRate, first / denominator, Vector256.Load(w) * kept).Store(w);
    }
}
