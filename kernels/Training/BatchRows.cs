using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>
/// The predictions of a batch, one a row, in its declared order with padding; and the micro-batches that they are cut into.
/// </summary>
sealed class BatchRows
{
    readonly int[] inputs;
    readonly int[] labels;
    readonly float[] weights;
    readonly List<MicroBatch> microBatches = [];

    /// <param name="batch">Checked here.</param>
    /// <param name="config">Whose vocabulary and context it must fit.</param>
    /// <param name="microBatchRows">Rows wanted of a micro-batch.</param>
    /// <exception cref="HarnessException">A token is outside the vocabulary, or a sequence longer than the context.</exception>
    public BatchRows(TrainingBatch batch, ModelConfig config, int microBatchRows)
    {
        int rows = checked((int)batch.Groups.Sum(group => (long)group.RowsPerSequence * group.Sequences.Count));
        inputs = new int[rows];
        labels = new int[rows];
        Array.Fill(labels, -1);
        weights = new float[rows];
        int row = 0;
        foreach (SequenceGroup group in batch.Groups)
        {
            Check(group, config);
            Cut(row, group, microBatchRows);
            foreach (TrainingSequence sequence in group.Sequences)
            {
                Add(sequence, row, config);
                row += group.RowsPerSequence;
            }
        }
        if (!(WeightSum > 0))
            throw new ArgumentException("no token of the batch counts in the loss", nameof(batch));
    }

    /// <summary>Each row's token; 0 where there is padding.</summary>
    public ReadOnlySpan<int> Inputs => inputs;

    /// <summary>
    /// Each row's next token, with <see cref="CrossEntropy.Unlikely"/> where it should not come; -1 where there is padding.
    /// </summary>
    public ReadOnlySpan<int> Labels => labels;

    /// <summary>What each row counts in the loss; 0 where there is padding.</summary>
    public ReadOnlySpan<float> Weights => weights;

    /// <summary>The sum of all weights.</summary>
    public double WeightSum { get; private set; }

    public int Rows => inputs.Length;

    /// <summary>Rows that are no padding.</summary>
    public long Tokens { get; private set; }

    /// <summary>In order; each ends on a block of 64 rows of its group, or ends the group.</summary>
    public IReadOnlyList<MicroBatch> MicroBatches => microBatches;

    /// <summary>Rows of the longest sequence.</summary>
    public int LongestSequence => microBatches.Max(part => part.RowsPerSequence);

    /// <summary>Rows of the largest micro-batch.</summary>
    public int LargestMicroBatch => microBatches.Max(part => part.Rows);

    /// <summary>Rows of a micro-batch that are no padding.</summary>
    public int TokensOf(MicroBatch part)
    {
        int tokens = 0;
        foreach (int label in Labels.Slice(part.FirstRow, part.Rows))
            tokens += label >= 0 ? 1 : 0;
        return tokens;
    }

    /// <summary>
    /// Sequences of <paramref name="rowsPerSequence"/> rows that end on a block of 64 rows: 64, or a divisor of 64 where that does.
    /// </summary>
    public static int SequencesPerBlock(int rowsPerSequence)
    {
        int sequences = GemmF32.BlockTerms;
        while (sequences > 1 && (sequences / 2 * (long)rowsPerSequence) % GemmF32.BlockTerms == 0)
            sequences /= 2;
        return sequences;
    }

    /// <summary>Mean over the weights, summed in float64 in the batch's order.</summary>
    /// <param name="logProbabilities">Of each row's label.</param>
    public double Loss(ReadOnlySpan<float> logProbabilities)
    {
        double sum = 0;
        for (int row = 0; row < Rows; row++)
            sum -= weights[row] * (double)logProbabilities[row];
        return sum / WeightSum;
    }

    static void Check(SequenceGroup group, ModelConfig config)
    {
        if (group.PaddedLength < 2 || group.Sequences.Count == 0)
            throw new ArgumentException($"a group of {group.Sequences.Count} sequences of {group.PaddedLength} tokens predicts nothing");
        if (group.RowsPerSequence > config.ContextLength)
            throw KernelCodes.PromptTooLong.With(
                $"sequences of {group.PaddedLength} tokens exceed the model's context of {config.ContextLength}");
    }

    void Cut(int firstRow, SequenceGroup group, int microBatchRows)
    {
        int unit = SequencesPerBlock(group.RowsPerSequence);
        int size = Math.Max(1, microBatchRows / (unit * group.RowsPerSequence)) * unit;
        for (int sequence = 0; sequence < group.Sequences.Count; sequence += size)
        {
            int count = Math.Min(size, group.Sequences.Count - sequence);
            microBatches.Add(new MicroBatch(firstRow + (sequence * group.RowsPerSequence), count, group.RowsPerSequence));
        }
    }

    void Add(TrainingSequence sequence, int row, ModelConfig config)
    {
        int[] targets = sequence.Targets ?? sequence.Tokens;
        bool[]? unlikely = sequence.Unlikely;
        bool fits = sequence.Predictions >= 1 && sequence.Predictions <= microBatches[^1].RowsPerSequence;
        if (!fits || sequence.Weights.Length != sequence.Tokens.Length || targets.Length != sequence.Tokens.Length
            || (unlikely is not null && unlikely.Length != sequence.Tokens.Length))
            throw new ArgumentException(
                $"a sequence of {sequence.Tokens.Length} tokens with {sequence.Weights.Length} weights and {targets.Length} targets, "
                + $"{unlikely?.Length ?? targets.Length} said to be unlikely or not, padded to {microBatches[^1].RowsPerSequence + 1}");
        foreach (int token in sequence.Tokens.Concat(targets))
            config.RequireToken(token);
        for (int i = 0; i < sequence.Predictions; i++)
        {
            float weight = sequence.Weights[i + 1];
            if (!(weight >= 0) || float.IsInfinity(weight))
                throw new ArgumentException($"a token counts {weight} in the loss");
            inputs[row + i] = sequence.Tokens[i];
            labels[row + i] = targets[i + 1] | (unlikely?[i + 1] == true ? CrossEntropy.Unlikely : 0);
            weights[row + i] = weight;
            WeightSum += weight;
        }
        Tokens += sequence.Predictions;
    }
}

/// <summary>Neighbouring sequences of one group that pass the model together.</summary>
/// <param name="FirstRow">In the batch.</param>
/// <param name="Sequences">How many.</param>
/// <param name="RowsPerSequence">Padded.</param>
readonly record struct MicroBatch(int FirstRow, int Sequences, int RowsPerSequence)
{
    public int Rows => Sequences * RowsPerSequence;
}
