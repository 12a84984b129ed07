using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;

namespace Harness.Kernels.Models;

/// <summary>
/// Starts the matrices of a pass in the model's precision, each with what goes before it (the norm) and after it (the gated activation, or
/// the sum with the residual stream): in one kernel where that is faster.
/// </summary>
/// <param name="device">Where it works.</param>
/// <param name="config">The model's shape.</param>
/// <param name="precision">Arithmetic of the matrices.</param>
/// <param name="buffers">Of the pass.</param>
sealed class DeviceLinears(IKernelDevice device, ModelConfig config, Precision precision, PassBuffers buffers)
{
    /// <summary>
    /// Most outputs, for each multiprocessor, of a linear that normalises: with more, its blocks of threads take turns, and each would
    /// normalise anew.
    /// </summary>
    const int OutputsPerMultiprocessor = 32;

    /// <summary>Logits of the rows that the pass wants them of.</summary>
    public void WriteLogits(DevicePointer norm, in DevicePass pass, DeviceMatrix head)
    {
        if (pass.LogitRowOf == default)
        {
            NormaliseAndMultiply(norm, buffers.Last, pass.LogitRows, head, buffers.Logits, default);
            return;
        }
        Normalise(norm, buffers.Last, pass.LogitRows, pass.LogitRowOf);
        Multiply(buffers.Last, pass.LogitRows, head, buffers.Logits, LinearEpilogue.Store, default, default, default);
    }

    /// <summary>output = norm(residual), of the rows that <paramref name="rowOf"/> names, or of the first.</summary>
    void Normalise(DevicePointer weight, DeviceInput output, int rows, DevicePointer rowOf = default) =>
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

    /// <summary>
    /// y = norm(residual) W^T. Few rows, which wait for memory more than they compute, ask for the matrix <paramref name="ahead"/>
    /// meanwhile.
    /// </summary>
    public void NormaliseAndMultiply(
        DevicePointer weight, DeviceInput x, int rows, DeviceMatrix matrix, DevicePointer y, DeviceMatrix ahead) =>
        NormaliseAndMultiply(weight, x, rows, matrix, y, LinearEpilogue.Store, default, ahead);

    /// <summary>output = silu(gate) * up, of the gates and ups of norm(residual).</summary>
    public void NormaliseAndActivate(
        DevicePointer weight, DeviceInput x, int rows, DeviceMatrix matrix, DeviceInput output, DeviceMatrix ahead) =>
        NormaliseAndMultiply(weight, x, rows, matrix, output.Values, LinearEpilogue.SwiGlu, output, ahead);

    /// <summary>residual += x W^T.</summary>
    public void MultiplyAndAdd(DeviceInput x, int rows, DeviceMatrix matrix, DeviceMatrix ahead) =>
        Multiply(x, rows, matrix, buffers.Residual, LinearEpilogue.AddToResidual, default, buffers.Rows.Positions, ahead);

    /// <summary>Few rows are normalised by the linear itself, since each launch costs them more than the work done twice.</summary>
    void NormaliseAndMultiply(
        DevicePointer weight,
        DeviceInput x,
        int rows,
        DeviceMatrix matrix,
        DevicePointer y,
        LinearEpilogue epilogue,
        DeviceInput output,
        DeviceMatrix ahead)
    {
        if (precision == Precision.W8A8 && matrix.Outputs <= OutputsPerMultiprocessor * device.Facts.Multiprocessors
            && LinearInt8Cuda.CanNorm(device.Facts, rows, DeviceLayout.Blocks(matrix.Inputs)))
        {
            LinearInt8Cuda.RunNormed(device, Int8(default, rows, matrix, y, output, buffers.Rows.Positions, ahead) with
            {
                Residual = buffers.Residual,
                NormWeight = weight,
                Epsilon = config.NormEpsilon,
                Width = config.Width,
            }, epilogue);
            return;
        }
        Normalise(weight, x, rows);
        Multiply(x, rows, matrix, y, epilogue, output, buffers.Rows.Positions, ahead);
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
