using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>A matrix [outputs, inputs], or a vector of one row, with all that its training keeps beside the weights.</summary>
sealed unsafe class TrainedMatrix : IDisposable
{
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Columns.</param>
    /// <param name="transposed">Whether the forward pass multiplies by it.</param>
    /// <param name="isMirror">Whether it is trained elsewhere: there is no gradient, and nothing transposed.</param>
    public TrainedMatrix(int outputs, int inputs, bool transposed, bool isMirror = false)
    {
        Weights = new RowBuffer(outputs, inputs);
        Gradient = new RowBuffer(isMirror ? 0 : outputs, inputs);
        FirstMoment = new RowBuffer(outputs, inputs);
        SecondMoment = new RowBuffer(outputs, inputs);
        Transposed = transposed && !isMirror ? new RowBuffer(inputs, outputs) : null;
    }

    public int Outputs => Weights.Rows;

    public int Inputs => Weights.Columns;

    public RowBuffer Weights { get; }

    public RowBuffer Gradient { get; }

    public RowBuffer FirstMoment { get; }

    public RowBuffer SecondMoment { get; }

    /// <summary>The weights as [inputs, outputs], which the forward pass reads; null for a vector.</summary>
    public RowBuffer? Transposed { get; }

    /// <summary>Bytes of such a matrix.</summary>
    public static Int128 Bytes(int outputs, int inputs, bool transposed) =>
        (4 * RowBuffer.Bytes(outputs, inputs)) + (transposed ? RowBuffer.Bytes(inputs, outputs) : 0);

    /// <summary>Brings <see cref="Transposed"/> up to date with rows [first, end) of the weights.</summary>
    public void Transpose(int first, int end)
    {
        if (Transposed is null)
            return;
        for (int input = 0; input < Inputs; input++)
        {
            float* column = Transposed.Row(input);
            float* weight = Weights.Data + input;
            for (int output = first; output < end; output++)
                column[output] = weight[(nint)output * Weights.Stride];
        }
    }

    public void Dispose()
    {
        foreach (RowBuffer buffer in new[] { Weights, Gradient, FirstMoment, SecondMoment })
            buffer.Dispose();
        Transposed?.Dispose();
    }
}
