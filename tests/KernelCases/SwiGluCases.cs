using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.SwiGlu;

namespace KernelCases;

/// <summary>SwiGlu.cu against <see cref="SwiGluCpu"/>.</summary>
public static class SwiGluCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach ((int rows, int width) in new[] { (1, 1), (1, 64), (3, 65), (4, 300) })
        {
            yield return new KernelCase(
                "SwiGlu.swiglu_f32", $"{rows} rows of {width}", device => Run(device, rows, width, quantized: false));
            yield return new KernelCase(
                "SwiGlu.swiglu_int8", $"{rows} rows of {width}", device => Run(device, rows, width, quantized: true));
        }
        yield return new KernelCase("SwiGlu.swiglu_int8", "an infinite activation", device => NotFinite(device));
    }

    static void Run(IKernelDevice device, int rows, int width, bool quantized)
    {
        using var arrays = new DeviceArrays(device);
        var shape = new LinearCase(rows, 2 * width, 1, LinearEpilogue.SwiGlu);
        float[] gateUp = Values.Random(new Random(rows + width), rows * 2 * width);
        gateUp[0] = -100f;
        SwiGluParameters parameters = Parameters(arrays, gateUp, rows, width);
        float[] y = shape.Activate(gateUp);
        if (!quantized)
        {
            SwiGluCuda.RunSingle(device, parameters);
            arrays.MustEqual<float>(parameters.Y, y, "y");
            return;
        }
        SwiGluCuda.RunInt8(device, parameters);
        (sbyte[] q, float[] scales) = QuantizedReference.Quantize(y, rows, width);
        arrays.MustEqual<sbyte>(parameters.Q, q, "q");
        arrays.MustEqual<float>(parameters.Scales, scales, "scales");
        arrays.MustEqual<int>(parameters.Errors, [0], "errors");
    }

    static void NotFinite(IKernelDevice device)
    {
        using var arrays = new DeviceArrays(device);
        SwiGluParameters parameters = Parameters(arrays, [1e30f, 1e30f, 1f, 1f], 2, 1);
        parameters.Positions = arrays.Upload(new[] { -1, 0 });
        SwiGluCuda.RunInt8(device, parameters);
        arrays.MustEqual<int>(parameters.Errors, [0], "errors with the row skipped");
        parameters.Positions = default;
        SwiGluCuda.RunInt8(device, parameters);
        arrays.MustEqual<int>(parameters.Errors, [1], "errors");
    }

    static SwiGluParameters Parameters(DeviceArrays arrays, float[] gateUp, int rows, int width)
    {
        int blocks = (width + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;
        return new SwiGluParameters
        {
            GateUp = arrays.Upload(gateUp),
            Y = arrays.Output<float>(rows * width),
            Q = arrays.Output<sbyte>(rows * blocks * QuantizedRows.BlockInputs),
            Scales = arrays.Output<float>(rows * blocks),
            Errors = arrays.Upload(new int[1]),
            Width = width,
            Rows = rows,
        };
    }
}
