using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace KernelCases;

/// <summary>LinearF32Experts.cu and LinearInt8Experts.cu against the linear of each expert on the CPU.</summary>
public static class LinearExpertsCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach (LinearEpilogue epilogue in new[] { LinearEpilogue.Store, LinearEpilogue.SwiGlu })
        {
            foreach ((int[] rows, int most, int usual, int outputs, int inputs) in new[]
            {
                // One row, few of them, few of many, and the tiles.
                (new[] { 0, 1, 0, 1 }, 1, 1, 10, 65), ([1, 0, 0], 1, 1, 130, 1000), ([0, 3, 4, 0, 1], 4, 2, 6, 64),
                ([6, 0, 1, 2], 9, 3, 134, 70), ([0, 17, 1, 34], 40, 13, 66, 130), ([70, 0, 3], 90, 50, 130, 63), ([0, 0], 1, 1, 8, 8),
                // More inputs than a round of few rows takes, and more blocks of them than a tile has stages.
                ([1, 0, 1], 1, 1, 12, 1600), ([5, 0, 2], 6, 2, 10, 1600), ([0, 18, 2], 20, 9, 70, 640), ([3, 66], 70, 35, 70, 640),
            })
            {
                yield return Single(rows, most, usual, outputs, inputs, epilogue);
                yield return Int8(rows, most, usual, outputs, inputs, epilogue);
            }
            foreach ((int[] rows, int outputs, int inputs) in new[] { (new[] { 0, 65, 3 }, 130, 70), ([1, 64], 34, 132) })
                yield return Single(rows, 70, 1, outputs, inputs, epilogue, LinearF32Form.LargeTiles);
        }
    }

    /// <summary>Any shape; gates and ups come in pairs.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        foreach (LinearEpilogue epilogue in new[] { LinearEpilogue.Store, LinearEpilogue.SwiGlu })
        {
            foreach (int usual in new[] { 2, 10, 40 })
            {
                int[] rows = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(2) * random.Next(2 * usual))];
                int most = rows.Max() + random.Next(1, 9), outputs = 2 * random.Next(1, 130), inputs = random.Next(1, 300);
                yield return Single(rows, most, usual, outputs, inputs, epilogue);
                yield return Single(rows, most, usual, outputs, inputs, epilogue, LinearF32Form.LargeTiles);
                yield return Int8(rows, most, usual, outputs, inputs, epilogue);
            }
        }
    }

    static string Name(int[] rows, int most, int outputs, int inputs, LinearEpilogue epilogue) =>
        $"{string.Join(' ', rows)} rows of at most {most}, {outputs} outputs, {inputs} inputs, {epilogue}";

    static KernelCase Single(
        int[] rows, int most, int usual, int outputs, int inputs, LinearEpilogue epilogue, LinearF32Form form = LinearF32Form.Automatic) =>
        new("LinearF32Experts.linear_f32_experts", $"{form}: {Name(rows, most, outputs, inputs, epilogue)}", device =>
        {
            using var arrays = new DeviceArrays(device);
            (float[] x, float[] weights) = Inputs(rows, outputs, inputs);
            int width = epilogue == LinearEpilogue.SwiGlu ? outputs / 2 : outputs;
            var parameters = new LinearF32ExpertsParameters
            {
                Linear = new LinearF32Parameters
                {
                    X = arrays.Upload(x),
                    Weights = arrays.Upload(weights),
                    Y = arrays.Output<float>(rows.Sum() * width),
                    Rows = most,
                    Outputs = outputs,
                    Inputs = inputs,
                    Ldy = width,
                },
                Starts = arrays.Upload(Starts(rows)),
                Stride = outputs * inputs,
            };
            LinearF32ExpertsCuda.Run(device, parameters, epilogue, rows.Length, usual, form);
            float[] expected = Expected(rows, outputs, inputs, epilogue, (expert, first) =>
            {
                using F32Matrix matrix =
                    F32Matrix.Pack(outputs, inputs, Reader(weights, expert, outputs, inputs), InstructionSet.Portable);
                return Linear(x, first, rows[expert], inputs, matrix);
            });
            arrays.MustEqual<float>(parameters.Linear.Y, expected, "y");
        });

    static KernelCase Int8(int[] rows, int most, int usual, int outputs, int inputs, LinearEpilogue epilogue) =>
        new("LinearInt8Experts.linear_int8_experts", Name(rows, most, outputs, inputs, epilogue), device =>
        {
            using var arrays = new DeviceArrays(device);
            (float[] x, float[] weights) = Inputs(rows, outputs, inputs);
            int all = rows.Sum(), blocks = (inputs + 63) / 64, pairBlocks = (outputs + 127) / 128;
            var quantized = new sbyte[rows.Length * outputs * blocks * 64];
            var scales = new float[rows.Length * outputs];
            float[] expected = Expected(rows, outputs, inputs, epilogue, (expert, first) =>
            {
                using Int8Matrix matrix =
                    Int8Matrix.Quantize(outputs, inputs, Reader(weights, expert, outputs, inputs), InstructionSet.Portable);
                for (int output = 0; output < outputs; output++)
                {
                    int row = (expert * outputs) + output;
                    matrix.ReadRow(output, quantized.AsSpan(row * blocks * 64, inputs));
                    scales[row] = matrix.Scale(output);
                }
                return Linear(x, first, rows[expert], inputs, matrix);
            });
            (sbyte[] q, float[] xScales) = all == 0 ? ([], []) : QuantizedReference.Quantize(x, all, inputs);
            bool swiGlu = epilogue == LinearEpilogue.SwiGlu;
            int[] counters = new int[LinearInt8ExpertsCuda.Counters(rows.Length, most, outputs)];
            var linear = new LinearInt8Parameters
            {
                X = arrays.Upload(q),
                XScales = arrays.Upload(xScales),
                Weights = arrays.Upload(quantized),
                WeightScales = arrays.Upload(scales),
                Y = swiGlu ? default : arrays.Output<float>(all * outputs),
                Q = arrays.Output<sbyte>(all * pairBlocks * 64),
                QScales = arrays.Output<float>(all * pairBlocks),
                Errors = arrays.Upload(new int[1]),
                Activations = arrays.Output<float>(all * pairBlocks * 64),
                Counters = arrays.Upload(counters),
                Rows = most,
                Outputs = outputs,
                Blocks = blocks,
                Ldy = outputs,
            };
            LinearInt8ExpertsCuda.Run(
                device,
                new LinearInt8ExpertsParameters { Linear = linear, Starts = arrays.Upload(Starts(rows)) },
                epilogue,
                rows.Length,
                usual);
            if (!swiGlu)
                arrays.MustEqual<float>(linear.Y, expected, "y");
            else if (all > 0)
            {
                (sbyte[] activations, float[] own) = QuantizedReference.Quantize(expected, all, outputs / 2);
                arrays.MustEqual<sbyte>(linear.Q, activations, "q");
                arrays.MustEqual<float>(linear.QScales, own, "scales");
            }
            arrays.MustEqual<int>(linear.Errors, [0], "errors");
            arrays.MustEqual<int>(linear.Counters, counters, "counters");
        });

    static int[] Starts(int[] rows) => [0, .. rows.Select((_, expert) => rows.Take(expert + 1).Sum())];

    static (float[] X, float[] Weights) Inputs(int[] rows, int outputs, int inputs)
    {
        var random = new Random(rows.Sum() + (31 * outputs) + inputs);
        return (Values.Random(random, rows.Sum() * inputs), Values.Random(random, rows.Length * outputs * inputs));
    }

    static RowReader Reader(float[] weights, int expert, int outputs, int inputs) =>
        (first, rows) => weights.AsSpan(((expert * outputs) + first) * inputs, rows.Length).CopyTo(rows);

    /// <summary>Rows of all experts, one behind the other.</summary>
    static float[] Expected(int[] rows, int outputs, int inputs, LinearEpilogue epilogue, Func<int, int, float[]> linear)
    {
        List<float> all = [];
        int[] starts = Starts(rows);
        for (int expert = 0; expert < rows.Length; expert++)
        {
            float[] y = linear(expert, starts[expert]);
            all.AddRange(epilogue == LinearEpilogue.SwiGlu ? new LinearCase(rows[expert], outputs, inputs, epilogue).Activate(y) : y);
        }
        return [.. all];
    }

    static unsafe float[] Linear(float[] x, int first, int count, int inputs, F32Matrix matrix)
    {
        var y = new float[count * matrix.Outputs];
        if (count == 0)
            return y;
        fixed (float* input = x, output = y)
            LinearF32.Run(input + (first * inputs), inputs, 0, count, matrix, 0, matrix.Outputs, output, matrix.Outputs);
        return y;
    }

    static unsafe float[] Linear(float[] x, int first, int count, int inputs, Int8Matrix matrix)
    {
        var y = new float[count * matrix.Outputs];
        if (count == 0)
            return y;
        using var rows = new QuantizedRows(count, inputs, InstructionSet.Portable);
        fixed (float* input = x, output = y)
        {
            rows.Quantize(input + (first * inputs), 0, count, inputs);
            LinearInt8.Run(rows, 0, count, matrix, 0, matrix.Outputs, output, matrix.Outputs);
        }
        return y;
    }
}
