using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Attention;

/// <summary>int8 quantisation of one head of one token: scale = max |x| / 127, q = x / scale rounded half to even.</summary>
static unsafe class HeadQuantization
{
    /// <summary>1.5 * 2^23: adding it rounds to an integer, half to even.</summary>
    const float RoundingMagic = 12582912f;

    /// <param name="x">[count].</param>
    /// <param name="quantized">[count], values in [-127, 127].</param>
    /// <returns>The scale; 0 where all are zero.</returns>
    /// <exception cref="HarnessException">A value is NaN or infinite.</exception>
    public static float Quantize(float* x, int count, short* quantized)
    {
        float scale = Scale(x, count);
        if (scale == 0)
        {
            new Span<short>(quantized, count).Clear();
            return 0;
        }
        int i = 0;
        Vector256<float> divisor = Vector256.Create(scale);
        if (Avx2.IsSupported)
        {
            for (; i + 16 <= count; i += 16)
            {
                Vector256<int> low = Vector256.ConvertToInt32Native(Round(Vector256.Load(x + i) / divisor));
                Vector256<int> high = Vector256.ConvertToInt32Native(Round(Vector256.Load(x + i + 8) / divisor));
                Avx2.Permute4x64(Avx2.PackSignedSaturate(low, high).AsInt64(), 0b11_01_10_00).AsInt16().Store(quantized + i);
            }
        }
        for (; i < count; i++)
            quantized[i] = (short)Math.Clamp(x[i] / scale + RoundingMagic - RoundingMagic, -127f, 127f);
        return scale;
    }

    static float Scale(float* x, int count)
    {
        float max = 0;
        int i = 0;
        if (count >= 8)
        {
            Vector256<float> largest = default;
            for (; i + 8 <= count; i += 8)
                largest = Vector256.Max(largest, Vector256.Abs(Vector256.Load(x + i)));
            for (int j = 0; j < 8; j++)
                max = MathF.Max(max, largest.GetElement(j));
        }
        for (; i < count; i++)
            max = MathF.Max(max, MathF.Abs(x[i]));
        if (!float.IsFinite(max))
            throw Codes.WeightsNotFinite.With("an activation of the model is NaN or infinite: the weights are damaged, or not of this architecture");
        return max / 127f;
    }

    static Vector256<float> Round(Vector256<float> x)
    {
        Vector256<float> magic = Vector256.Create(RoundingMagic);
        return Vector256.MinNative(Vector256.MaxNative(x + magic - magic, Vector256.Create(-127f)), Vector256.Create(127f));
    }
}
