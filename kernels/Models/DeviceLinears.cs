using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;

namespace Harness.Kernels.Models;

/// <summary>
/// Starts the matrices of a pass in the model's precision, each with what goes after it (the gated activation, or the sum with the residual
/// stream and the next norm): in one kernel where that is faster.
/// </summary>
/// <param name="device">Where it works.</param>
/// <param name="config">The model's shape.</param>
/// <param name="precision">Arithmetic of the matrices.</param>
/// <param name="buffers">Of the pass.</param>
sealed class DeviceLinears(IKernelDevice device, ModelConfig config, Precision precision, PassBuffers buffers)
{
    /// <summary>output = norm(residual), of the rows that <paramref name="rowOf"/> names, or of the first.</summary>
    public void Normalise(DevicePointer weight, DeviceInput output, int rows, DevicePointer rowOf = default) =>
        RmsNormCuda.Run(device, precision, new RmsNormParameters
        {
            X = buffers.Residual,
            Weight = weight,
            RowOf = rowOf,
            Positions = buffers.Rows.Positions,
            Q = output.Q,
            Scales = output.Scales,
            Y = output.Values,
            Errors = buffers.Errors,
            Epsilon = config.NormEpsilon,
            Width = config.Width,
            Rows = rows,
        });

    /// <summary>y = norm(residual) in float32 at every precision.</summary>
    public void NormaliseSingle(DevicePointer weight, DevicePointer y, int rows) => RmsNormCuda.RunSingle(device, new RmsNormParameters
    {
        X = buffers.Residual,
        Weight = weight,
        Positions = buffers.Rows.Positions,
        Y = y,
        Epsilon = config.NormEpsilon,
        Width = config.Width,
        Rows = rows,
    });

    /// <summary>
    /// y = x W^T. Few rows, which wait for memory more than they compute, ask for the matrix <paramref name="ahead"/> meanwhile.
    /// </summary>
    public void Multiply(DeviceInput x, int rows, DeviceMatrix matrix, DevicePointer y, DeviceMatrix ahead) =>
        Multiply(x, rows, matrix, y, LinearEpilogue.Store, default, buffers.Rows.Positions, ahead);

    /// <summary>y = x W^T of rows that are not those of the pass.</summary>
    public void MultiplyAll(DeviceInput x, int rows, DeviceMatrix matrix, DevicePointer y) =>
        Multiply(x, rows, matrix, y, LinearEpilogue.Store, default, default, default);

    /// <summary>output = silu(gate) * up, of the gates and ups of x W^T.</summary>
    public void Activate(DeviceInput x, int rows, DeviceMatrix matrix, DeviceInput output, DeviceMatrix ahead) =>
        Multiply(x, rows, matrix, output.Values, LinearEpilogue.SwiGlu, output, buffers.Rows.Positions, ahead);

    /// <summary>
    /// residual += x W^T, and the norm of it into <paramref name="output"/>, unless <paramref name="weight"/> is none. Few rows have both
    /// in one launch.
    /// </summary>
    public void AddAndNormalise(DeviceInput x, int rows, DeviceMatrix matrix, DevicePointer weight, DeviceInput output, DeviceMatrix ahead)
    {
        if (precision == Precision.W8A8 && rows <= LinearInt8Cuda.MostFewRows && weight != default)
        {
            LinearInt8Cuda.RunAndNormalise(
                device, Int8(x, rows, matrix, buffers.Residual, output, buffers.Rows.Positions, ahead), weight, config.NormEpsilon);
            return;
        }
        Multiply(x, rows, matrix, buffers.Residual, LinearEpilogue.AddToResidual, default, buffers.Rows.Positions, ahead);
        if (weight != default)
            Normalise(weight, output, rows);
    }

    /// <summary>The int8 weights of a matrix, to be asked for ahead; nothing where there is no matrix.</summary>
    public static DeviceAhead Ahead(DeviceMatrix matrix) =>
        new(matrix.Weights, (long)matrix.Outputs * DeviceLayout.QuantizedWidth(matrix.Inputs));

    LinearInt8Parameters Int8(
        DeviceInput x,
        int rows,
        DeviceMatrix matrix,
        DevicePointer y,
        DeviceInput output,
        DevicePointer skipped,
        DeviceMatrix ahead) => new()
        {
            X = x.Q,
            XScales = x.Scales,
            Weights = matrix.Weights,
            WeightScales = matrix.Scales,
            Positions = skipped,
            Y = y,
            Q = output.Q,
            QScales = output.Scales,
            Errors = buffers.Errors,
            Activations = buffers.Activations,
            Counters = buffers.Counters,
            Ahead = Ahead(ahead),
            Rows = rows,
            Outputs = matrix.Outputs,
            Blocks = DeviceLayout.Blocks(matrix.Inputs),
            Ldy = matrix.Outputs,
        };

    /// <param name="skipped">Positions, negative of a row to leave alone; none where rows are not those of the pass.</param>
    void Multiply(
        DeviceInput x,
        int rows,
        DeviceMatrix matrix,
        DevicePointer y,
        LinearEpilogue epilogue,
        DeviceInput output,
        DevicePointer skipped,
        DeviceMatrix ahead)
    {
        switch (precision)
        {
            case Precision.W8A8:
                LinearInt8Cuda.Run(device, Int8(x, rows, matrix, y, output, skipped, ahead), epilogue);
                break;
            case Precision.Bf16:
                LinearBf16Cuda.Run(device, new LinearBf16Parameters
                {
                    X = x.Values,
                    Weights = matrix.Weights,
                    Positions = skipped,
                    Y = y,
                    Activations = output.Values,
                    Rows = rows,
                    Outputs = matrix.Outputs,
                    Blocks = DeviceLayout.Blocks(matrix.Inputs),
                    Ldy = matrix.Outputs,
                }, epilogue);
                break;
            default:
                LinearF32Cuda.Run(device, new LinearF32Parameters
                {
                    X = x.Values,
                    Weights = matrix.Weights,
                    Positions = skipped,
                    Y = y,
                    Rows = rows,
                    Outputs = matrix.Outputs,
                    Inputs = matrix.Inputs,
                    Ldy = epilogue == LinearEpilogue.SwiGlu ? matrix.Outputs / 2 : matrix.Outputs,
                }, epilogue);
                break;
        }
    }
}
