namespace Harness.Kernels.Training;

/// <summary>A named tensor of the model: some rows of a matrix that may hold others beside it.</summary>
/// <param name="Name">As in <see cref="Checkpoints.TensorNames"/>.</param>
/// <param name="Matrix">Where it lies.</param>
/// <param name="FirstRow">In the matrix.</param>
/// <param name="Rows">1 for a vector.</param>
/// <param name="IsVector">One dimension, not two, in a file.</param>
/// <param name="Decays">Whether weight decay applies: to matrices other than embedding and tied head.</param>
sealed record ParameterTensor(string Name, TrainedMatrix Matrix, int FirstRow, int Rows, bool IsVector, bool Decays)
{
    public int Columns => Matrix.Inputs;
}
