using Harness.Kernels.Linear;

namespace Kernels.Tests.Linear;

/// <summary>The exact arithmetic written out plainly, one output at a time.</summary>
static class LinearReference
{
    const int Block = 64;

    /// <summary>int8 values and scale of one run of floats.</summary>
    public static (int[] Values, float Scale) Quantize(ReadOnlySpan<float> run)
    {
        float largest = 0;
        foreach (float value in run)
            largest = MathF.Max(largest, MathF.Abs(value));
        float scale = largest / 127f;
        int[] values = new int[run.Length];
        for (int i = 0; i < run.Length && scale > 0; i++)
            values[i] = (int)Math.Clamp(Math.Round((double)(run[i] / scale), MidpointRounding.ToEven), -127.0, 127.0);
        return (values, scale);
    }

    public static float[] Int8(float[] x, int rows, float[] w, int outputs, int inputs)
    {
        (int[] Values, float Scale)[] weights = Enumerable.Range(0, outputs).Select(o => Quantize(w.AsSpan(o * inputs, inputs))).ToArray();
        float[] y = new float[rows * outputs];
        for (int r = 0; r < rows; r++)
        {
            List<(int[] Values, float Scale)> blocks = [];
            for (int k = 0; k < inputs; k += Block)
                blocks.Add(Quantize(x.AsSpan(r * inputs + k, Math.Min(Block, inputs - k))));
            for (int o = 0; o < outputs; o++)
            {
                float acc = 0;
                for (int b = 0; b < blocks.Count; b++)
                {
                    int sum = 0;
                    for (int i = 0; i < blocks[b].Values.Length; i++)
                        sum += blocks[b].Values[i] * weights[o].Values[b * Block + i];
                    acc = MathF.FusedMultiplyAdd(sum, blocks[b].Scale, acc);
                }
                y[r * outputs + o] = acc * weights[o].Scale;
            }
        }
        return y;
    }

    public static float[] F32(float[] x, int rows, float[] w, int outputs, int inputs)
    {
        float[] y = new float[rows * outputs];
        for (int r = 0; r < rows; r++)
        {
            for (int o = 0; o < outputs; o++)
            {
                float acc = 0;
                for (int start = 0; start < inputs; start += Block)
                {
                    float sum = 0;
                    for (int k = start; k < Math.Min(start + Block, inputs); k++)
                        sum = MathF.FusedMultiplyAdd(x[r * inputs + k], w[o * inputs + k], sum);
                    acc += sum;
                }
                y[r * outputs + o] = acc;
            }
        }
        return y;
    }

    public static float[] Random(int count, int seed)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-6, 3)));
        return values;
    }

    public static RowReader Reader(float[] weights, int inputs) =>
        (firstRow, rows) => weights.AsSpan(firstRow * inputs, rows.Length).CopyTo(rows);

    public static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
