using System.Runtime.Intrinsics;
using Harness.Kernels.ExactMath;

namespace Harness.Kernels.SwiGlu;

/// <summary>The gated activation of Shazeer 2020 (arXiv 2002.05202): y = silu(gate) * up.</summary>
public static unsafe class SwiGluCpu
{
    /// <param name="gate">[count].</param>
    /// <param name="up">[count].</param>
    /// <param name="y">[count], may be <paramref name="gate"/>.</param>
    public static void Run(float* gate, float* up, int count, float* y)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= count; i += 16)
                (ExactSingle.Silu(Vector512.Load(gate + i)) * Vector512.Load(up + i)).Store(y + i);
        }
        for (; i + 8 <= count; i += 8)
            (ExactSingle.Silu(Vector256.Load(gate + i)) * Vector256.Load(up + i)).Store(y + i);
        for (; i < count; i++)
            y[i] = ExactSingle.Silu(gate[i]) * up[i];
    }
}
