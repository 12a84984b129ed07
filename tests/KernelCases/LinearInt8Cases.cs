using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;

namespace KernelCases;

/// <summary>Every form of LinearInt8.cu against <see cref="LinearInt8"/>.</summary>
public static class LinearInt8Cases
{
    const float Epsilon = 1e-5f;
    static readonly LinearEpilogue[] plain = [LinearEpilogue.Store, LinearEpilogue.AddToResidual];

    public static IEnumerable<KernelCase> All()
    {
        foreach (LinearEpilogue epilogue in plain)
        {
            yield return Case("linear_int8_reference", new LinearCase(3, 130, 65, epilogue, Skip: true), LinearInt8Form.Reference);
            // A round of few rows takes 24 blocks, and 12 from 5 rows on and in the short forms.
            foreach ((int rows, int outputs, int inputs) in new[]
            {
                (1, 1, 1), (1, 9, 576), (2, 7, 63), (3, 8, 64), (4, 17, 65), (5, 16, 96), (8, 9, 832), (9, 10, 128), (1, 8, 1600),
                (2, 3, 800), (4, 5, 1000),
            })
                yield return Case(
                    "linear_int8_rows", new LinearCase(rows, outputs, inputs, epilogue, Skip: rows > 2), LinearInt8Form.FewRows);
        }
        foreach ((int rows, int outputs, int inputs) in new[]
        {
            (1, 2, 64), (1, 128, 576), (2, 130, 65), (3, 258, 1), (4, 126, 704), (7, 128, 63), (9, 64, 64),
        })
            yield return Case(
                "linear_int8_swiglu_rows",
                new LinearCase(rows, outputs, inputs, LinearEpilogue.SwiGlu, Skip: rows > 2),
                LinearInt8Form.FewRows);
        // Several blocks of activations, blocks of threads that fill one in part, short and long inputs.
        foreach ((int rows, int outputs, int inputs) in new[]
        {
            (8, 130, 65), (4, 130, 65), (1, 392, 832), (2, 264, 1000), (4, 134, 800), (8, 2, 900), (11, 138, 64),
        })
            yield return Case(
                "linear_int8_swiglu_rows",
                new LinearCase(rows, outputs, inputs, LinearEpilogue.SwiGlu, Skip: rows == 4),
                LinearInt8Form.FewRows);
        foreach ((int rows, int outputs, int inputs) in new[]
        {
            (1, 576, 576), (1, 1, 1), (2, 65, 130), (3, 200, 8), (8, 63, 17), (5, 130, 8), (1, 72, 1600), (2, 8, 1000), (4, 100, 900),
        })
            yield return NormalisedCase(new LinearCase(rows, outputs, inputs, LinearEpilogue.AddToResidual, Skip: rows > 2, Padding: 0));
        foreach ((int rows, int outputs) in new[] { (3, 70), (12, 70), (70, 200) })
        {
            yield return Case("automatic", new LinearCase(rows, outputs, 70, LinearEpilogue.Store), LinearInt8Form.Automatic);
            yield return Case("automatic", new LinearCase(rows, outputs, 70, LinearEpilogue.SwiGlu), LinearInt8Form.Automatic);
        }
        foreach (KernelCase tiled in Tiled())
            yield return tiled;
        foreach (LinearInputs kind in new[] { LinearInputs.Largest, LinearInputs.Smallest })
        {
            yield return Case("linear_int8_rows", new LinearCase(3, 9, 200, LinearEpilogue.Store, kind), LinearInt8Form.FewRows);
            yield return Case("linear_int8_swiglu_rows", new LinearCase(2, 132, 200, LinearEpilogue.SwiGlu, kind), LinearInt8Form.FewRows);
            yield return Case("linear_int8_64x64", new LinearCase(3, 9, 200, LinearEpilogue.Store, kind), LinearInt8Form.Rows64);
            yield return Case("linear_int8_swiglu_16x128", new LinearCase(2, 132, 200, LinearEpilogue.SwiGlu, kind), LinearInt8Form.Rows16);
        }
        yield return NotFiniteCase("linear_int8_swiglu_rows", LinearInt8Form.FewRows);
        yield return NotFiniteCase("linear_int8_swiglu_16x128", LinearInt8Form.Rows16);
    }

    /// <summary>Each form, at any shape; gates and ups come in pairs.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        foreach (LinearInt8Form form in Enum.GetValues<LinearInt8Form>())
        {
            (int rows, int outputs, int inputs) = (random.Next(1, 200), random.Next(1, 300), random.Next(1, 700));
            LinearEpilogue epilogue = plain[random.Next(plain.Length)];
            yield return Case($"{form}", new LinearCase(rows, outputs, inputs, epilogue, Skip: random.Next(2) == 0), form);
            if (form != LinearInt8Form.Reference)
                yield return Case(
                    $"{form}",
                    new LinearCase(
                        random.Next(1, 150),
                        2 * random.Next(1, 200),
                        random.Next(1, 500),
                        LinearEpilogue.SwiGlu,
                        Skip: random.Next(2) == 0),
                    form);
        }
        yield return NormalisedCase(
            new LinearCase(random.Next(1, 9), random.Next(1, 400), random.Next(1, 1500), LinearEpilogue.AddToResidual, Padding: 0));
    }

    // Rows and outputs on both sides of a tile's border, and more blocks of inputs than stages.
    static IEnumerable<KernelCase> Tiled()
    {
        foreach ((LinearInt8Form form, int tileRows, int tileOutputs) in new[]
        {
            (LinearInt8Form.Rows16, 16, 64), (LinearInt8Form.Rows32, 32, 64), (LinearInt8Form.Rows64, 64, 64),
            (LinearInt8Form.Rows128, 128, 128),
        })
        {
            string kernel = $"linear_int8_{tileRows}x{tileOutputs}";
            foreach (LinearEpilogue epilogue in plain)
            {
                yield return Case(kernel, new LinearCase(1, 1, 1, epilogue), form);
                yield return Case(kernel, new LinearCase(tileRows - 1, tileOutputs + 1, 65, epilogue, Skip: true), form);
                yield return Case(kernel, new LinearCase(tileRows, tileOutputs - 2, 128, epilogue, Skip: true, Padding: 4), form);
                yield return Case(kernel, new LinearCase(tileRows + 1, tileOutputs - 1, 96, epilogue), form);
            }
            yield return Case(kernel, new LinearCase(9, tileOutputs, 640, LinearEpilogue.AddToResidual), form);
            string swiGlu = $"linear_int8_swiglu_{tileRows}x128";
            yield return Case(swiGlu, new LinearCase(tileRows - 1, 130, 63, LinearEpilogue.SwiGlu, Skip: true), form);
            yield return Case(swiGlu, new LinearCase(tileRows + 1, 126, 65, LinearEpilogue.SwiGlu), form);
            yield return Case(swiGlu, new LinearCase(5, 256, 576, LinearEpilogue.SwiGlu, Skip: true), form);
        }
    }

    static KernelCase Case(string kernel, LinearCase shape, LinearInt8Form form) =>
        new($"LinearInt8.{kernel}", $"{form}: {shape}", device => Run(device, shape, form));

    static void Run(IKernelDevice device, LinearCase shape, LinearInt8Form form)
    {
        using var arrays = new DeviceArrays(device);
        float[] residual = shape.Residual();
        (LinearInt8Parameters parameters, float[] linear) = SetUp(arrays, shape, shape.X(), residual);
        LinearInt8Cuda.Run(device, parameters, shape.Epilogue, form);
        MustBe(arrays, shape, parameters, linear, residual);
    }

    static KernelCase NormalisedCase(LinearCase shape) => new("LinearInt8.linear_int8_rows", $"{shape}, then the norm", device =>
    {
        using var arrays = new DeviceArrays(device);
        float[] residual = shape.Residual(), weight = Values.Random(new Random(shape.Inputs), shape.Outputs);
        (LinearInt8Parameters parameters, float[] linear) = SetUp(arrays, shape, shape.X(), residual);
        LinearInt8Cuda.RunAndNormalise(device, parameters, arrays.Upload(weight), Epsilon);
        MustBe(arrays, shape, parameters, linear, residual);
        MustBeQuantized(arrays, shape, parameters, Normed(shape.Expected(linear, residual), weight, shape), shape.Outputs);
    });

    static unsafe float[] Normed(float[] x, float[] weight, LinearCase shape)
    {
        var y = new float[x.Length];
        fixed (float* input = x, w = weight, output = y)
        {
            for (int row = 0; row < shape.Rows; row++)
                RmsNormCpu.Run(input + (row * shape.Outputs), w, Epsilon, shape.Outputs, output + (row * shape.Outputs));
        }
        return y;
    }

    static void MustBe(DeviceArrays arrays, LinearCase shape, in LinearInt8Parameters parameters, float[] linear, float[] residual)
    {
        if (shape.Epilogue == LinearEpilogue.SwiGlu)
            MustBeQuantized(arrays, shape, parameters, shape.Activate(linear), shape.Width);
        else
            arrays.MustEqual<float>(parameters.Y, shape.Expected(linear, residual), "y");
        arrays.MustEqual<int>(parameters.Errors, [0], "errors");
        arrays.MustEqual<int>(parameters.Counters, new int[LinearInt8Cuda.Counters(shape.Rows, shape.Outputs)], "counters");
    }

    static void MustBeQuantized(DeviceArrays arrays, LinearCase shape, in LinearInt8Parameters parameters, float[] values, int width)
    {
        (sbyte[] q, float[] scales) = QuantizedReference.Quantize(values, shape.Rows, width);
        int[] positions = shape.Positions();
        int blocks = scales.Length / shape.Rows;
        for (int row = 0; row < shape.Rows; row++)
        {
            if (positions[row] < 0)
                continue;
            int first = row * blocks;
            arrays.MustEqual<sbyte>(parameters.Q + (first * 64), q.AsSpan(first * 64, blocks * 64), $"q of row {row}");
            arrays.MustEqual<float>(parameters.QScales + (first * 4), scales.AsSpan(first, blocks), $"scales of row {row}");
        }
    }

    // Row 0 overflows and is skipped; then it is not.
    static KernelCase NotFiniteCase(string kernel, LinearInt8Form form) => new($"LinearInt8.{kernel}", $"{form}: overflow", device =>
    {
        using var arrays = new DeviceArrays(device);
        var shape = new LinearCase(2, 4, 64, LinearEpilogue.SwiGlu, Skip: true);
        float[] x = shape.X();
        x.AsSpan(0, shape.Inputs).Fill(1e37f);
        (LinearInt8Parameters parameters, _) = SetUp(arrays, shape, x, []);
        LinearInt8Cuda.Run(device, parameters, shape.Epilogue, form);
        arrays.MustEqual<int>(parameters.Errors, [0], "errors with the row skipped");
        parameters.Positions = default;
        LinearInt8Cuda.Run(device, parameters, shape.Epilogue, form);
        arrays.MustEqual<int>(parameters.Errors, [1], "errors");
    });

    static (LinearInt8Parameters Parameters, float[] Linear) SetUp(DeviceArrays arrays, LinearCase shape, float[] x, float[] residual)
    {
        using Int8Matrix matrix = Int8Matrix.Quantize(
            shape.Outputs,
            shape.Inputs,
            (first, rows) => shape.Weights().AsSpan(first * shape.Inputs, rows.Length).CopyTo(rows),
            InstructionSet.Portable);
        (sbyte[] q, float[] scales) = QuantizedReference.Quantize(x, shape.Rows, shape.Inputs);
        var weights = new sbyte[shape.Outputs * shape.Blocks * QuantizedRows.BlockInputs];
        for (int output = 0; output < shape.Outputs; output++)
            matrix.ReadRow(output, weights.AsSpan(output * shape.Blocks * QuantizedRows.BlockInputs, shape.Inputs));
        bool swiGlu = shape.Epilogue == LinearEpilogue.SwiGlu;
        int activationBlocks = (shape.Outputs + 127) / 128, qBlocks = swiGlu ? activationBlocks : (shape.Outputs + 63) / 64;
        var parameters = new LinearInt8Parameters
        {
            X = arrays.Upload(q),
            XScales = arrays.Upload(scales),
            Weights = arrays.Upload(weights),
            WeightScales = arrays.Upload([.. Enumerable.Range(0, shape.Outputs).Select(matrix.Scale)]),
            Positions = shape.Skip ? arrays.Upload(shape.Positions()) : default,
            Y = shape.Epilogue == LinearEpilogue.AddToResidual ? arrays.Upload(residual) : swiGlu ? default
                : arrays.Output<float>(shape.Rows * shape.Ldy),
            Q = arrays.Output<sbyte>(shape.Rows * qBlocks * 64),
            QScales = arrays.Output<float>(shape.Rows * qBlocks),
            Errors = arrays.Upload(new int[1]),
            Activations = arrays.Output<float>(shape.Rows * activationBlocks * 64),
            Counters = arrays.Upload(new int[LinearInt8Cuda.Counters(shape.Rows, shape.Outputs)]),
            Rows = shape.Rows,
            Outputs = shape.Outputs,
            Blocks = shape.Blocks,
            Ldy = shape.Ldy,
        };
        return (parameters, Linear(x, shape, matrix));
    }

    static unsafe float[] Linear(float[] x, LinearCase shape, Int8Matrix matrix)
    {
        var y = new float[shape.Rows * shape.Outputs];
        using var rows = new QuantizedRows(shape.Rows, shape.Inputs, InstructionSet.Portable);
        fixed (float* input = x, output = y)
        {
            rows.Quantize(input, 0, shape.Rows, shape.Inputs);
            LinearInt8.Run(rows, 0, shape.Rows, matrix, 0, shape.Outputs, output, shape.Outputs);
        }
        return y;
    }
}
