using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;

namespace KernelCases;

/// <summary>RmsNorm.cu against <see cref="RmsNormCpu"/>.</summary>
public static class RmsNormCases
{
    const float Epsilon = 1e-5f;

    public static IEnumerable<KernelCase> All()
    {
        foreach ((int rows, int width) in new[] { (1, 1), (1, 64), (3, 65), (5, 96), (4, 576), (9, 130), (18, 200) })
        {
            yield return new KernelCase("RmsNorm.rms_norm_int8", $"{rows} rows of {width}", device => Int8(device, rows, width));
            yield return new KernelCase("RmsNorm.rms_norm_f32", $"{rows} rows of {width}", device => Single(device, rows, width));
            yield return new KernelCase("RmsNorm.rms_norm_bf16", $"{rows} rows of {width}", device => Bf16(device, rows, width));
        }
        yield return new KernelCase("RmsNorm.rms_norm_int8", "rows 4, 0, 3 of 5", device => Gathered(device));
    }

    /// <summary>Rows that are asked for in another order, none at position 0 left out and one at a negative position.</summary>
    static void Gathered(IKernelDevice device)
    {
        using var arrays = new DeviceArrays(device);
        const int Width = 70, Blocks = 2;
        (RmsNormParameters parameters, float[] all) = SetUp(arrays, 5, Width);
        int[] rows = [4, 0, 3], positions = [0, 7, 7, -1, 0];
        (sbyte[] q, float[] scales) = QuantizedReference.Quantize(all, 5, Width);
        sbyte[] skipped = new sbyte[Blocks * QuantizedRows.BlockInputs];
        Array.Fill(skipped, (sbyte)1);
        parameters.RowOf = arrays.Upload(rows);
        parameters.Positions = arrays.Upload(positions);
        parameters.Rows = rows.Length;
        parameters.Q = arrays.Upload<sbyte>([.. skipped, .. skipped, .. skipped]);
        parameters.Scales = arrays.Upload<float>([9, 9, 9, 9, 9, 9]);
        RmsNormCuda.RunInt8(device, parameters);
        int stride = skipped.Length;
        arrays.MustEqual<sbyte>(parameters.Q, [.. q.AsSpan(4 * stride, stride), .. q.AsSpan(0, stride), .. skipped], "q");
        arrays.MustEqual<float>(parameters.Scales, [.. scales.AsSpan(4 * Blocks, Blocks), .. scales.AsSpan(0, Blocks), 9, 9], "scales");
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        (int rows, int width) = (random.Next(1, 70), random.Next(1, 3000));
        yield return new KernelCase("RmsNorm.rms_norm_int8", $"{rows} rows of {width}", device => Int8(device, rows, width));
        yield return new KernelCase("RmsNorm.rms_norm_f32", $"{rows} rows of {width}", device => Single(device, rows, width));
        yield return new KernelCase("RmsNorm.rms_norm_bf16", $"{rows} rows of {width}", device => Bf16(device, rows, width));
    }

    static unsafe float[] Reference(float[] x, float[] weight, int rows, int width)
    {
        var y = new float[rows * width];
        fixed (float* input = x, w = weight, output = y)
        {
            for (int row = 0; row < rows; row++)
                RmsNormCpu.Run(input + (row * width), w, Epsilon, width, output + (row * width));
        }
        return y;
    }

    static void Single(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        (RmsNormParameters parameters, float[] expected) = SetUp(arrays, rows, width);
        RmsNormCuda.RunSingle(device, parameters);
        arrays.MustEqual<float>(parameters.Y, expected, "y");
    }

    static void Bf16(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        (RmsNormParameters parameters, float[] expected) = SetUp(arrays, rows, width);
        ushort[] rounded = Bf16Reference.Round(expected, rows, width);
        parameters.Y = arrays.Output<ushort>(rounded.Length);
        RmsNormCuda.RunBf16(device, parameters);
        arrays.MustEqual<ushort>(parameters.Y, rounded, "y");
    }

    static void Int8(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        (RmsNormParameters parameters, float[] y) = SetUp(arrays, rows, width);
        RmsNormCuda.RunInt8(device, parameters);
        (sbyte[] q, float[] scales) = QuantizedReference.Quantize(y, rows, width);
        arrays.MustEqual<sbyte>(parameters.Q, q, "q");
        arrays.MustEqual<float>(parameters.Scales, scales, "scales");
    }

    static (RmsNormParameters Parameters, float[] Expected) SetUp(DeviceArrays arrays, int rows, int width)
    {
        var random = new Random((rows * 1000) + width);
        float[] x = Values.Random(random, rows * width), weight = Values.Random(random, width);
        int blocks = (width + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;
        var parameters = new RmsNormParameters
        {
            X = arrays.Upload(x),
            Weight = arrays.Upload(weight),
            Q = arrays.Output<sbyte>(rows * blocks * QuantizedRows.BlockInputs),
            Scales = arrays.Output<float>(rows * blocks),
            Y = arrays.Output<float>(rows * width),
            Errors = arrays.Upload(new int[1]),
            Epsilon = Epsilon,
            Width = width,
            Rows = rows,
        };
        return (parameters, Reference(x, weight, rows, width));
    }
}

/// <summary>Random inputs of cases.</summary>
static class Values
{
    /// <summary>Mostly ordinary values, some large, some zero.</summary>
    public static float[] Random(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.Next(50) switch { 0 => 0f, 1 => random.NextSingle() * 100f, _ => (random.NextSingle() - 0.5f) * 4f };
        return values;
    }
}

/// <summary>Rows quantised as the CPU does it, laid out as the device has them: [rows, blocks * 64], padded with 0.</summary>
static unsafe class QuantizedReference
{
    public static (sbyte[] Q, float[] Scales) Quantize(float[] x, int rows, int width)
    {
        int blocks = (width + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;
        var q = new sbyte[rows * blocks * QuantizedRows.BlockInputs];
        var scales = new float[rows * blocks];
        short* rounded = stackalloc short[QuantizedRows.BlockInputs];
        fixed (float* values = x)
        {
            for (int i = 0; i < rows * blocks; i++)
            {
                int start = i % blocks * QuantizedRows.BlockInputs, count = Math.Min(QuantizedRows.BlockInputs, width - start);
                float* block = values + ((long)(i / blocks) * width) + start;
                scales[i] = Int8Rounding.Scale(block, count, InstructionSet.Portable);
                Int8Rounding.Round(block, count, scales[i], rounded, InstructionSet.Portable);
                for (int j = 0; j < count; j++)
                    q[(i * QuantizedRows.BlockInputs) + j] = (sbyte)rounded[j];
            }
        }
        return (q, scales);
    }
}

/// <summary>Rows rounded to bf16, laid out as the device has them: [rows, blocks * 64], padded with 0.</summary>
static class Bf16Reference
{
    public static ushort[] Round(float[] x, int rows, int width)
    {
        int padded = (width + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs * QuantizedRows.BlockInputs;
        var rounded = new ushort[rows * padded];
        for (int i = 0; i < rows * width; i++)
            rounded[(i / width * padded) + (i % width)] = BFloats.Round(x[i]);
        return rounded;
    }
}
