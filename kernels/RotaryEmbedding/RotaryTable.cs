using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.Models;
using Harness.Kernels.Numerics;

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
                cosines.Data[((long)position * Half) + i] = (float)ExactMath.Cos(angle);
                sines.Data[((long)position * Half) + i] = (float)ExactMath.Sin(angle);
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
        for (; i < Half; i++)
        {
            float x = head[i], y = head[i + Half];
            head[i] = MathF.FusedMultiplyAdd(x, cos[i], -(y * sin[i]));
            head[i + Half] = MathF.FusedMultiplyAdd(y, cos[i], x * sin[i]);
        }
    }

    public void Dispose()
    {
        cosines.Dispose();
        sines.Dispose();
    }

    static float Frequency(ModelConfig config, int i)
    {
        float frequency = 1f / (float)ExactMath.Pow(config.RopeTheta, 2.0 * i / config.HeadWidth);
        return config.RopeScaling is { } scaling ? Scale(frequency, scaling) : frequency;
    }

    /// <summary>Llama 3: long wavelengths are stretched by the factor, short ones kept, those between interpolated.</summary>
    static float Scale(float frequency, RopeScaling scaling)
    {
        const float TwoPi = 6.2831855f;
        float wavelength = TwoPi / frequency;
        float longest = scaling.OriginalContextLength / scaling.LowFrequencyFactor;
        float shortest = scaling.OriginalContextLength / scaling.HighFrequencyFactor;
        if (wavelength < shortest)
            return frequency;
        if (wavelength > longest)
            return frequency / scaling.Factor;
        float smooth = ((scaling.OriginalContextLength / wavelength) - scaling.LowFrequencyFactor)
            / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return ((1f - smooth) * (frequency / scaling.Factor)) + (smooth * frequency);
    }
}
