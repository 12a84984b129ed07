using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Training;

/// <summary>
/// The weights of a model in training, read as those of any other model: as they are when they are read, so not while a step runs.
/// </summary>
/// <param name="weights">Of the model.</param>
/// <param name="refresh">Brings them up to date where they are trained elsewhere.</param>
sealed class TrainedCheckpoint(TrainedWeights weights, Action? refresh = null) : Checkpoint
{
    readonly Dictionary<string, ParameterTensor> tensors = weights.Tensors.ToDictionary(tensor => tensor.Name);

    public override ModelConfig Config => weights.Config;

    public override Tokenizer? Tokenizer => null;

    public override ChatTemplate? ChatTemplate => null;

    public override string ContentHash
    {
        get
        {
            refresh?.Invoke();
            return weights.Hash();
        }
    }

    public override bool Has(string tensor) => tensors.ContainsKey(tensor);

    public override void ReadRows(string tensor, int firstRow, Span<float> destination)
    {
        if (!tensors.TryGetValue(tensor, out ParameterTensor? stored))
            throw new ArgumentException($"the model has no tensor {tensor}", nameof(tensor));
        refresh?.Invoke();
        int rows = destination.Length / stored.Columns;
        if (rows * stored.Columns != destination.Length || firstRow < 0 || firstRow > stored.Rows - rows)
            throw new ArgumentOutOfRangeException(
                nameof(firstRow), $"{tensor} [{stored.Rows}, {stored.Columns}]: no {destination.Length} values from row {firstRow}");
        for (int i = 0; i < rows; i++)
        {
            stored.Matrix.Weights.RowSpan(stored.FirstRow + firstRow + i)
                .CopyTo(destination.Slice(i * stored.Columns, stored.Columns));
        }
    }
}
