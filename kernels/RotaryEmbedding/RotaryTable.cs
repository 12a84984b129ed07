using System.Runtime.Intrinsics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.ExactMath;

namespace Harness.Kernels.RotaryEmbedding;

/// <summary>
/// Cosines and sines of rotary position embedding (Su et al. 2021, arXiv 2104.09864), half-split: dimension i turns with i + half.
/// Frequencies and angles are rounded to float32, as the published models were trained.
/// </summary>
public sealed unsafe class RotaryTable : IDisposable
{
    readonly ModelConfig config;
    NativeBuffer<float> cosines = new(0);
    NativeBuffer<float> sines = new(0);
    int positions;

    public RotaryTable(ModelConfig config)
    {
        this.config = config;
        Half = config.HeadWidth / 2;
    }

    /// <summary>Half the head's width.</summary>
    public int Half { get; }

    /// <summary>[positions, half].</summary>
    public ReadOnlySpan<float> Cosines => cosines.Span;

    /// <summary>[positions, half].</summary>
    public ReadOnlySpan<float> Sines => sines.Span;

    /// <summary>Tabulates positions below <paramref name="count"/>; not while <see cref="Rotate"/> runs.</summary>
    public void Reserve(int count)
    {
        if (count <= positions)
            return;
        Dispose();
        positions = Math.Min(Math.Max(count, 2 * positions), Math.Max(count, config.ContextLength));
        cosines = new NativeBuffer<float>((long)positions * Half);
        sines = new NativeBuffer<float>((long)positions * Half);
        for (int i = 0; i < Half; i++)
        {
            float frequency = Frequency(config, i);
            for (int position = 0; position < positions; position++)
            {
                double angle = position * frequency;
                cosines.Data[((long)position * Half) + i] = (float)ExactDouble.Cos(angle);
                sines.Data[((long)position * Half) + i] = (float)ExactDouble.Sin(angle);
            }
        }
    }

    /// <summary>Turns one head [2 * Half] in place to <paramref name="position"/>.</summary>
    public void Rotate(float* head, int position)
    {
        float* cos = cosines.Data + ((long)position * Half);
        float* sin = sines.Data + ((long)position * Half);
        int i = 0;
        for (; i + Vector256<float>.Count <= Half; i += Vector256<float>.Count)
        {
            Vector256<float> x = Vector256.Load(head + i), y = Vector256.Load(head + i + Half);
            Vector256<float> c = Vector256.Load(cos + i), s = Vector256.Load(sin + i);
            Vector256.FusedMultiplyAdd(x, c, -(y * s)).Store(head + i);
            Vector256.FusedMultiplyAdd(y, c, x * s).Store(head + i + Half);
        }
        for (; i + Vector128<float>.Count <= Half; i += Vector128<float>.Count)
        {
            Vector128<float> x = Vector128.Load(head + i), y = Vector128.Load(head + i + Half);
            Vector128<float> c = Vector128.Load(cos + i), s = Vector128.Load(sin + i);
            Vector128.FusedMultiplyAdd(x, c, -(y * s)).Store(head + i);
            Vector128.FusedMultiplyAdd(y, c, x * s).Store(head + i + Half);
        }
        for (; i < Half; i++)
        {
            float x = head[i], y = head[i + Half];
            head[i] = MathF.FusedMultiplyAdd(x, cos[i], -(y * sin[i]));
            head[i + Half] = MathF.FusedMultiplyAdd(y, cos[i], x * sin[i]);
        }
    }

    /// <summary>
    /// The gradient of <see cref="Rotate"/>, which is the turn back: one head's gradient [2 * Half] after the turn becomes that before it.
    /// </summary>
    public void RotateBack(float* head, int position)
    {
        float* cos = cosines.Data + ((long)position * Half);
        float* sin = sines.Data + ((long)position * Half);
        int i = 0;
        for (; i + Vector256<float>.Count <= Half; i += Vector256<float>.Count)
        {
            Vector256<float> x = Vector256.Load(head + i), y = Vector256.Load(head + i + Half);
            Vector256<float> c = Vector256.Load(cos + i), s = Vector256.Load(sin + i);
            Vector256.FusedMultiplyAdd(x, c, y * s).Store(head + i);
            Vector256.FusedMultiplyAdd(y, c, -(x * s)).Store(head + i + Half);
        }
        for (; i + Vector128<float>.Count <= Half; i += Vector128<float>.Count)
        {
            Vector128<float> x = Vector128.Load(head + i), y = Vector128.Load(head + i + Half);
            Vector128<float> c = Vector128.Load(cos + i), s = Vector128.Load(sin + i);
            Vector128.FusedMultiplyAdd(x, c, y * s).Store(head + i);
            Vector128.FusedMultiplyAdd(y, c, -(x * s)).Store(head + i + Half);
        }
        for (; i < Half; i++)
        {
            float x = head[i], y = head[i + Half];
            head[i] = MathF.FusedMultiplyAdd(x, cos[i], y * sin[i]);
            head[i + Half] = MathF.FusedMultiplyAdd(y, cos[i], -(x * sin[i]));
        }
    }

    public void Dispose()
    {
        cosines.Dispose();
        sines.Dispose();
    }

    /// <summary>
    /// Turns of dimension pair <paramref name="i"/> a position, in radians: 1 / theta^(2i/width), over the pair's factor where the model
    /// has one. Power, reciprocal, factor and quotient are each rounded to float32 once.
    /// </summary>
    static float Frequency(ModelConfig config, int i)
    {
        float frequency = 1f / (float)ExactDouble.Pow(config.RopeTheta, 2.0 * i / config.HeadWidth);
        if (config.RopeFactors is { } factors)
            return frequency / factors[i];
        return config.RopeScaling is { } scaling ? frequency / Factor(frequency, scaling) : frequency;
    }

    /// <summary>
    /// Llama 3's factor of a frequency: 1 for short wavelengths, the scaling's own for long ones, between them
    /// 1 / ((1 - smooth) / factor + smooth). Every operation is rounded to float32 as llama.cpp's converter rounds them when it writes
    /// rope_freqs.weight (quotients of a constant as its product with a reciprocal), so that a model has one set of frequencies
    /// whether it is read from config.json or from a GGUF.
    /// </summary>
    static float Factor(float frequency, RopeScaling scaling)
    {
        const float TwoPi = 6.2831855f;
        float original = scaling.OriginalContextLength;
        float wavelength = 1f / frequency * TwoPi;
        if (wavelength < original / scaling.HighFrequencyFactor)
            return 1f;
        if (wavelength > original / scaling.LowFrequencyFactor)
            return scaling.Factor;
        float smooth =
            ((1f / wavelength * original) - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return 1f / (((1f - smooth) / scaling.Factor) + smooth);
    }
}
