using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>A matrix [outputs, inputs] in the arithmetic of its precision: y = x W^T.</summary>
public sealed unsafe class Projection : IDisposable
{
    readonly Int8Matrix? int8;
    readonly F32Matrix? single;

    public Projection(int outputs, int inputs, RowReader reader, Precision precision, InstructionSet instructionSet)
    {
        Outputs = outputs;
        if (precision.IsInt8OnCpu())
            int8 = Int8Matrix.Quantize(outputs, inputs, reader, instructionSet);
        else
            single = F32Matrix.Pack(outputs, inputs, reader, instructionSet);
    }

    public int Outputs { get; }

    /// <summary>Bytes of such a matrix, packed.</summary>
    public static Int128 Bytes(int outputs, int inputs, Precision precision, InstructionSet instructionSet) =>
        precision.IsInt8OnCpu() ? Int8Matrix.Bytes(outputs, inputs, instructionSet) : F32Matrix.Bytes(outputs, inputs);

    /// <summary>Writes y[row, output] for a slice of rows and outputs; <paramref name="firstOutput"/> is a multiple of 32.</summary>
    /// <param name="x">Prepared rows.</param>
    /// <param name="firstRow">First row of x and y.</param>
    /// <param name="rows">Rows of the slice.</param>
    /// <param name="firstOutput">First output of the slice.</param>
    /// <param name="outputs">Outputs of the slice.</param>
    /// <param name="y">[rows, ldy] from row 0 and output 0.</param>
    /// <param name="ldy">Floats between rows of y.</param>
    public void Run(LinearInput x, int firstRow, int rows, int firstOutput, int outputs, float* y, int ldy)
    {
        if (int8 is not null)
            LinearInt8.Run(x.Quantized!, firstRow, rows, int8, firstOutput, outputs, y, ldy);
        else
            LinearF32.Run(x.Values, x.Width, firstRow, rows, single!, firstOutput, outputs, y, ldy);
    }

    public void Dispose()
    {
        int8?.Dispose();
        single?.Dispose();
    }
}
