using System.Runtime.Intrinsics;

namespace Harness.Kernels.Training;

/// <summary>x times a factor.</summary>
static unsafe class VectorScale
{
    /// <param name="x">[count].</param>
    /// <param name="factor">Of each.</param>
    /// <param name="count">Values.</param>
    public static void Run(float* x, float factor, int count)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.Load(x + i) * Vector256.Create(factor)).Store(x + i);
        for (; i < count; i++)
            x[i] *= factor;
    }
}
