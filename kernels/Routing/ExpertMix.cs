using System.Runtime.Intrinsics;

namespace Harness.Kernels.Routing;

/// <summary>
/// What the experts add to the residual stream: sum of factor times output, a chain of fused multiply-adds from +0 over a row's experts in
/// ascending order.
/// </summary>
static unsafe class ExpertMix
{
    /// <summary>y = factor x + y.</summary>
    /// <param name="factor">Of the expert.</param>
    /// <param name="x">[count]: its output.</param>
    /// <param name="count">Width of the row.</param>
    /// <param name="y">[count].</param>
    public static void Add(float factor, float* x, int count, float* y)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            Vector256.FusedMultiplyAdd(Vector256.Create(factor), Vector256.Load(x + i), Vector256.Load(y + i)).Store(y + i);
        for (; i < count; i++)
            y[i] = MathF.FusedMultiplyAdd(factor, x[i], y[i]);
    }
}
