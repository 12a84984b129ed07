using Harness.Kernels.ExactMath;
using Harness.Kernels.SwiGlu;
using Kernels.Tests.Cpu;
using Kernels.Tests.Linear;

namespace Kernels.Tests.SwiGlu;

/// <summary>silu from e^-|x|, one division, and the product with the ungated half last.</summary>
public sealed unsafe class SwiGluOrderTests
{
    /// <summary>Whole vectors of sixteen and of eight, and a rest.</summary>
    const int Count = 59;

    [Test]
    public void The_gate_is_divided_before_it_multiplies()
    {
        float[] gate = [.. LinearReference.Random(Count, 7).Select(x => 8 * x)];
        float[] up = LinearReference.Random(Count, 8), y = new float[Count];
        fixed (float* pg = gate, pu = up, py = y)
            SwiGluCpu.Run(pg, pu, Count, py);
        SummingOrder.IsTheOnlyOne(
            [.. gate.Zip(up, Right)],
            [("the kernel", y)],
            [
                ("x times the sigmoid", [.. gate.Zip(up, (x, u) => x * (1 / (1 + ExactSingle.Exp(-x))) * u)]),
                ("x over 1 + e^-x", [.. gate.Zip(up, (x, u) => x / (1 + ExactSingle.Exp(-x)) * u)]),
                ("the product before the division", [.. gate.Zip(up, (x, u) => x * u / (1 + ExactSingle.Exp(-x)))]),
            ]);
    }

    static float Right(float x, float up)
    {
        float e = ExactSingle.Exp(-MathF.Abs(x));
        float silu = (x >= 0 ? x : x * e) / (1 + e);
        return silu * up;
    }
}
