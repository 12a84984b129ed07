using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace KernelCases;

/// <summary>Every form of LinearF32.cu against <see cref="LinearF32"/>.</summary>
public static class LinearF32Cases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach (LinearEpilogue epilogue in Enum.GetValues<LinearEpilogue>())
        {
            yield return Case("linear_f32_reference", new LinearCase(3, 130, 65, epilogue, Skip: true), LinearF32Form.Reference);
            // A round of few rows takes 16 blocks.
            foreach ((int rows, int outputs, int inputs) in new[]
            {
                (1, 2, 1), (1, 6, 576), (2, 8, 63), (3, 4, 64), (4, 6, 65), (5, 2, 1100), (2, 6, 98),
            })
                yield return Case(
                    "linear_f32_rows", new LinearCase(rows, outputs, inputs, epilogue, Skip: rows > 2), LinearF32Form.FewRows);
            foreach ((int rows, int outputs, int inputs) in new[] { (1, 2, 1), (31, 34, 63), (33, 32, 64), (5, 30, 66), (7, 66, 196) })
                yield return Case(
                    "linear_f32_32x32", new LinearCase(rows, outputs, inputs, epilogue, Skip: rows > 2), LinearF32Form.SmallTiles);
            foreach ((int rows, int outputs, int inputs) in new[] { (63, 126, 65), (65, 130, 16), (9, 128, 132) })
                yield return Case(
                    "linear_f32_64x128", new LinearCase(rows, outputs, inputs, epilogue, Skip: true), LinearF32Form.LargeTiles);
        }
        foreach (int rows in new[] { 3, 12, 100 })
            yield return Case("automatic", new LinearCase(rows, 520, 20, LinearEpilogue.Store), LinearF32Form.Automatic);
        foreach (LinearF32Form form in new[] { LinearF32Form.FewRows, LinearF32Form.SmallTiles, LinearF32Form.LargeTiles })
            yield return Case("smallest", new LinearCase(3, 9, 130, LinearEpilogue.Store, LinearInputs.Smallest), form);
    }

    /// <summary>Each form, at any shape; gates and ups come in pairs.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        foreach (LinearF32Form form in Enum.GetValues<LinearF32Form>())
        {
            foreach (LinearEpilogue epilogue in Enum.GetValues<LinearEpilogue>())
                yield return Case(
                    $"{form}",
                    new LinearCase(random.Next(1, 150), 2 * random.Next(1, 120), random.Next(1, 400), epilogue, Skip: random.Next(2) == 0),
                    form);
        }
    }

    static KernelCase Case(string kernel, LinearCase shape, LinearF32Form form) =>
        new($"LinearF32.{kernel}", $"{form}: {shape}", device => Run(device, shape, form));

    static void Run(IKernelDevice device, LinearCase shape, LinearF32Form form)
    {
        using var arrays = new DeviceArrays(device);
        float[] x = shape.X(), weights = shape.Weights(), residual = shape.Residual();
        var parameters = new LinearF32Parameters
        {
            X = arrays.Upload(x),
            Weights = arrays.Upload(weights),
            Positions = shape.Skip ? arrays.Upload(shape.Positions()) : default,
            Y = shape.Epilogue == LinearEpilogue.AddToResidual ? arrays.Upload(residual) : arrays.Output<float>(shape.Rows * shape.Ldy),
            Rows = shape.Rows,
            Outputs = shape.Outputs,
            Inputs = shape.Inputs,
            Ldy = shape.Ldy,
        };
        LinearF32Cuda.Run(device, parameters, shape.Epilogue, form);
        arrays.MustEqual<float>(parameters.Y, shape.Expected(Linear(x, weights, shape), residual), "y");
    }

    static unsafe float[] Linear(float[] x, float[] weights, LinearCase shape)
    {
        var y = new float[shape.Rows * shape.Outputs];
        using F32Matrix matrix = F32Matrix.Pack(
            shape.Outputs,
            shape.Inputs,
            (first, rows) => weights.AsSpan(first * shape.Inputs, rows.Length).CopyTo(rows),
            InstructionSet.Portable);
        fixed (float* input = x, output = y)
            LinearF32.Run(input, shape.Inputs, 0, shape.Rows, matrix, 0, shape.Outputs, output, shape.Outputs);
        return y;
    }
}
