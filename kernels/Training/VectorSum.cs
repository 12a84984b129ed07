using System.Runtime.Intrinsics;

namespace Harness.Kernels.Training;

/// <summary>z = x + y.</summary>
static unsafe class VectorSum
{
    /// <param name="x">[count].</param>
    /// <param name="y">[count].</param>
    /// <param name="count">Values.</param>
    /// <param name="z">[count], may be either.</param>
    public static void Run(float* x, float* y, int count, float* z)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.Load(x + i) + Vector256.Load(y + i)).Store(z + i);
        for (; i < count; i++)
            z[i] = x[i] + y[i];
    }
}
