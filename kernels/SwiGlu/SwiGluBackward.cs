using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.ExactMath;

namespace Harness.Kernels.SwiGlu;

/// <summary>
/// Gradients of <see cref="SwiGluCpu"/>: dup = dy silu(gate), dgate = dy up s'(gate) with s' = sigmoid + silu (1 - sigmoid).
/// </summary>
public static unsafe class SwiGluBackward
{
    /// <param name="gate">[count]; overwritten with its gradient.</param>
    /// <param name="up">[count]; overwritten with its gradient.</param>
    /// <param name="count">Width of the row.</param>
    /// <param name="dy">[count].</param>
    public static void Run(float* gate, float* up, int count, float* dy)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            Eight(gate + i, up + i, dy + i);
        if (i == count)
            return;
        float* rest = stackalloc float[24];
        new Span<float>(rest, 24).Clear();
        for (int j = i; j < count; j++)
            (rest[j - i], rest[8 + j - i], rest[16 + j - i]) = (gate[j], up[j], dy[j]);
        Eight(rest, rest + 8, rest + 16);
        for (int j = i; j < count; j++)
            (gate[j], up[j]) = (rest[j - i], rest[8 + j - i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Eight(float* gate, float* up, float* dy)
    {
        Vector256<float> x = Vector256.Load(gate), gradient = Vector256.Load(dy);
        Vector256<float> one = Vector256<float>.One;
        Vector256<float> e = ExactSingle.Exp(-Vector256.Abs(x));
        Vector256<float> sum = one + e;
        Vector256<float> positive = Vector256.GreaterThanOrEqual(x, Vector256<float>.Zero);
        Vector256<float> sigmoid = Vector256.ConditionalSelect(positive, one, e) / sum;
        Vector256<float> silu = Vector256.ConditionalSelect(positive, x, x * e) / sum;
        Vector256<float> slope = Vector256.FusedMultiplyAdd(silu, one - sigmoid, sigmoid);
        (gradient * Vector256.Load(up) * slope).Store(gate);
        (gradient * silu).Store(up);
    }
}
