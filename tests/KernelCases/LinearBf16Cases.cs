using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace KernelCases;

/// <summary>
/// Every form of LinearBf16.cu against sums in float64 of the same bf16 values, whose products are exact in float32. A sum of n products
/// may be off by what n additions round away, at most 2^-23 of the sum of magnitudes each (tensor cores truncate); bf16 activations by
/// 2^-8 of themselves besides.
/// </summary>
public static class LinearBf16Cases
{
    const double SumRounding = 1.0 / (1 << 23), Bf16Rounding = 1.0 / (1 << 8);
    static readonly LinearBf16Form[] forms = [LinearBf16Form.Rows16, LinearBf16Form.Rows32, LinearBf16Form.Rows64, LinearBf16Form.Rows128];

    public static IEnumerable<KernelCase> All()
    {
        foreach ((LinearBf16Form form, int tileRows, int tileOutputs) in new[]
        {
            (LinearBf16Form.Rows16, 16, 8), (LinearBf16Form.Rows32, 32, 64), (LinearBf16Form.Rows64, 64, 64),
            (LinearBf16Form.Rows128, 128, 128),
        })
        {
            string kernel = $"linear_bf16_{tileRows}x{tileOutputs}";
            foreach (LinearEpilogue epilogue in new[] { LinearEpilogue.Store, LinearEpilogue.AddToResidual })
            {
                yield return Case(kernel, new LinearCase(1, 1, 1, epilogue), form);
                yield return Case(kernel, new LinearCase(tileRows - 1, tileOutputs + 1, 65, epilogue, Skip: true), form);
                yield return Case(kernel, new LinearCase(tileRows + 1, tileOutputs - 2, 128, epilogue, Padding: 4), form);
            }
            // More blocks of inputs than stages.
            yield return Case(kernel, new LinearCase(9, tileOutputs, 640, LinearEpilogue.AddToResidual), form);
            yield return Case(kernel, new LinearCase(tileRows - 1, 130, 63, LinearEpilogue.SwiGlu, Skip: true), form);
            yield return Case(kernel, new LinearCase(tileRows + 1, 126, 65, LinearEpilogue.SwiGlu), form);
            yield return Case(kernel, new LinearCase(3, 256, 200, LinearEpilogue.SwiGlu), form);
        }
        foreach (int rows in new[] { 3, 40, 200 })
            yield return Case("automatic", new LinearCase(rows, 200, 70, LinearEpilogue.Store), LinearBf16Form.Automatic);
        yield return new KernelCase("LinearBf16", "all forms give the same bits, whatever the rows beside", SameBits);
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        foreach (LinearEpilogue epilogue in Enum.GetValues<LinearEpilogue>())
        {
            var shape =
                new LinearCase(random.Next(1, 150), 2 * random.Next(1, 150), random.Next(1, 700), epilogue, Skip: random.Next(2) == 0);
            yield return Case("random", shape, LinearBf16Form.Automatic);
            yield return Case("random", shape, forms[random.Next(forms.Length)]);
        }
    }

    /// <summary>A case of one form, small, that a wrong place of a fragment's values fails.</summary>
    public static KernelCase Small(LinearBf16Form form) => Case("", new LinearCase(16, 16, 64, LinearEpilogue.Store), form);

    static KernelCase Case(string kernel, LinearCase shape, LinearBf16Form form) =>
        new($"LinearBf16.{kernel}", $"{form}: {shape}", device => Run(device, shape, form));

    static void Run(IKernelDevice device, LinearCase shape, LinearBf16Form form)
    {
        using var arrays = new DeviceArrays(device);
        float[] x = Rounded(shape.X()), weights = Rounded(shape.Weights()), residual = shape.Residual();
        LinearBf16Parameters parameters = SetUp(arrays, shape, x, weights, residual);
        LinearBf16Cuda.Run(device, parameters, shape.Epilogue, form);
        if (shape.Epilogue == LinearEpilogue.SwiGlu)
            CheckActivations(shape, arrays.Download<ushort>(parameters.Activations, shape.Rows * ActivationWidth(shape)), x, weights);
        else
            CheckOutputs(shape, arrays.Download<float>(parameters.Y, shape.Rows * shape.Ldy), x, weights, residual);
    }

    static void CheckOutputs(LinearCase shape, float[] y, float[] x, float[] weights, float[] residual)
    {
        int[] positions = shape.Positions();
        bool adds = shape.Epilogue == LinearEpilogue.AddToResidual;
        float untouched = Poisoned.Array<float>(1)[0];
        for (int i = 0; i < y.Length; i++)
        {
            (int row, int output) = (i / shape.Ldy, i % shape.Ldy);
            float before = adds ? residual[i] : untouched;
            if (positions[row] < 0 || output >= shape.Outputs)
            {
                if (BitConverter.SingleToInt32Bits(y[i]) != BitConverter.SingleToInt32Bits(before))
                    throw new KernelMismatchException($"y[{row}, {output}] is {y[i]}, and was to be left at {before}");
                continue;
            }
            (double sum, double error) = Sum(shape, x, weights, row, output);
            double expected = adds ? sum + before : sum;
            double allowed = error + (adds ? SumRounding * (Math.Abs(sum) + Math.Abs(before)) : 0);
            MustBeNear($"y[{row}, {output}]", y[i], expected, allowed);
        }
    }

    static void CheckActivations(LinearCase shape, ushort[] activations, float[] x, float[] weights)
    {
        int[] positions = shape.Positions();
        int width = ActivationWidth(shape);
        ushort untouched = Poisoned.Array<ushort>(1)[0];
        for (int i = 0; i < activations.Length; i++)
        {
            (int row, int place) = (i / width, i % width);
            if (positions[row] < 0 || place >= shape.Width)
            {
                ushort kept = positions[row] < 0 ? untouched : (ushort)0;
                if (activations[i] != kept)
                    throw new KernelMismatchException($"activation [{row}, {place}] is {activations[i]:X4}, and was to be {kept:X4}");
                continue;
            }
            (double gate, double gateError) = Sum(shape, x, weights, row, 2 * place);
            (double up, double upError) = Sum(shape, x, weights, row, (2 * place) + 1);
            double silu = gate / (1 + Math.Exp(-gate));
            // The slope of silu is below 1.1.
            double error = (1.1 * gateError * (Math.Abs(up) + upError)) + (Math.Abs(silu) * upError)
                + ((Bf16Rounding + (8 * SumRounding)) * Math.Abs(silu * up));
            MustBeNear($"activation [{row}, {place}]", BFloats.ToSingle(activations[i]), silu * up, error + 1e-38);
        }
    }

    static (double Sum, double Error) Sum(LinearCase shape, float[] x, float[] weights, int row, int output)
    {
        double sum = 0, magnitudes = 0;
        for (int i = 0; i < shape.Inputs; i++)
        {
            double product = (double)x[(row * shape.Inputs) + i] * weights[(output * shape.Inputs) + i];
            sum += product;
            magnitudes += Math.Abs(product);
        }
        return (sum, SumRounding * shape.Inputs * magnitudes);
    }

    static void MustBeNear(string what, double actual, double expected, double allowed)
    {
        if (!(Math.Abs(actual - expected) <= allowed))
            throw new KernelMismatchException($"{what} is {actual:R}, and in float64 {expected:R}; {allowed:G3} is allowed");
    }

    static void SameBits(IKernelDevice device)
    {
        using var arrays = new DeviceArrays(device);
        var shape = new LinearCase(40, 70, 200, LinearEpilogue.Store, Padding: 0);
        float[] x = Rounded(shape.X()), weights = Rounded(shape.Weights());
        LinearBf16Parameters parameters = SetUp(arrays, shape, x, weights, []);
        LinearBf16Cuda.Run(device, parameters, LinearEpilogue.Store, forms[0]);
        float[] first = arrays.Download<float>(parameters.Y, shape.Rows * shape.Ldy);
        foreach (LinearBf16Form form in forms[1..])
        {
            parameters.Y = arrays.Output<float>(first.Length);
            LinearBf16Cuda.Run(device, parameters, LinearEpilogue.Store, form);
            arrays.MustEqual<float>(parameters.Y, first, $"y of {form}");
        }
        // The last row alone.
        const int row = 39;
        parameters.X += row * shape.Blocks * QuantizedRows.BlockInputs * sizeof(ushort);
        parameters.Y = arrays.Output<float>(shape.Ldy);
        parameters.Rows = 1;
        LinearBf16Cuda.Run(device, parameters, LinearEpilogue.Store);
        arrays.MustEqual<float>(parameters.Y, first.AsSpan(row * shape.Ldy), "y of a row alone");
    }

    static int ActivationWidth(LinearCase shape) =>
        (shape.Width + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs * QuantizedRows.BlockInputs;

    static float[] Rounded(float[] values) => [.. values.Select(value => BFloats.ToSingle(BFloats.Round(value)))];

    static LinearBf16Parameters SetUp(DeviceArrays arrays, LinearCase shape, float[] x, float[] weights, float[] residual)
    {
        bool swiGlu = shape.Epilogue == LinearEpilogue.SwiGlu;
        return new LinearBf16Parameters
        {
            X = arrays.Upload(Bf16Reference.Round(x, shape.Rows, shape.Inputs)),
            Weights = arrays.Upload(Bf16Reference.Round(weights, shape.Outputs, shape.Inputs)),
            Positions = shape.Skip ? arrays.Upload(shape.Positions()) : default,
            Y = shape.Epilogue == LinearEpilogue.AddToResidual ? arrays.Upload(residual) : swiGlu ? default
                : arrays.Output<float>(shape.Rows * shape.Ldy),
            Activations = swiGlu ? arrays.Output<ushort>(shape.Rows * ActivationWidth(shape)) : default,
            Rows = shape.Rows,
            Outputs = shape.Outputs,
            Blocks = shape.Blocks,
            Ldy = shape.Ldy,
        };
    }
}
