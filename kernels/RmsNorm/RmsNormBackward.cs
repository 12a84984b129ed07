using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.RmsNorm;

/// <summary>
/// Gradients of <see cref="RmsNormCpu"/>. With r = 1 / sqrt(mean(x^2) + epsilon), n = x r and g = dy weight:
/// dx = r (g - n mean(g n)), the mean by <see cref="LaneReduction"/>; the weight's gradient is the sum of dy n over rows.
/// </summary>
public static unsafe class RmsNormBackward
{
    /// <summary>One row.</summary>
    /// <param name="x">[count]: what was normalised; overwritten with dy n, the row's part of the weight's gradient.</param>
    /// <param name="weight">[count].</param>
    /// <param name="epsilon">As in the forward pass.</param>
    /// <param name="count">Width of the row.</param>
    /// <param name="dy">[count]: gradient of the output.</param>
    /// <param name="residual">[count]: gradient that reaches x past the norm.</param>
    /// <param name="scratch">[count]: overwritten.</param>
    /// <param name="dx">[count]: <paramref name="residual"/> plus the norm's gradient; may be <paramref name="residual"/>.</param>
    public static void Run(
        float* x, float* weight, float epsilon, int count, float* dy, float* residual, float* scratch, float* dx)
    {
        float inverse = RmsNormCpu.Inverse(x, epsilon, count);
        Multiply(x, inverse, count);
        Multiply(dy, weight, count, scratch);
        float mean = LaneReduction.SumOfProducts(scratch, x, count) / count;
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            Vector256<float> change =
                Vector256.FusedMultiplyAdd(Vector256.Load(x + i), Vector256.Create(-mean), Vector256.Load(scratch + i));
            (Vector256.Load(residual + i) + (change * Vector256.Create(inverse))).Store(dx + i);
        }
        for (; i < count; i++)
        {
            float change = MathF.FusedMultiplyAdd(x[i], -mean, scratch[i]) * inverse;
            dx[i] = residual[i] + change;
        }
        Multiply(dy, x, count, x);
    }

    static void Multiply(float* x, float factor, int count)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.Load(x + i) * Vector256.Create(factor)).Store(x + i);
        for (; i < count; i++)
            x[i] *= factor;
    }

    static void Multiply(float* x, float* y, int count, float* product)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.Load(x + i) * Vector256.Load(y + i)).Store(product + i);
        for (; i < count; i++)
            product[i] = x[i] * y[i];
    }
}
