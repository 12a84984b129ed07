using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training.Device;

/// <summary>Takes room for a number of rows of so many 4-byte values.</summary>
delegate DevicePointer TakeRows(long count, int width);

/// <summary>Of a mixture, what the forward pass leaves in one pass of a layer beside <see cref="DeviceLayerActivations"/>.</summary>
/// <param name="Logits">The router's, float32 [rows, experts]; then their gradients.</param>
/// <param name="Chosen">int32 [rows, active]: each row's experts.</param>
/// <param name="Factors">float32 [rows, active].</param>
/// <param name="Places">int32 [rows, active]: where a row lies among the rows of each of its experts.</param>
/// <param name="RowOf">int32 [places]: the row at each.</param>
/// <param name="Starts">int32 [experts + 1]: where the places of each begin.</param>
readonly record struct DeviceExpertActivations(
    DevicePointer Logits, DevicePointer Chosen, DevicePointer Factors, DevicePointer Places, DevicePointer RowOf, DevicePointer Starts)
{
    public static DeviceExpertActivations Take(ExpertShape shape, int rows, TakeRows take) => new(
        take(rows, shape.Count), take(rows, shape.Active), take(rows, shape.Active), take(rows, shape.Active), take(rows, shape.Active),
        take(shape.Count + 1, 1));
}

/// <summary>
/// Of one pass of a layer, the rows of each expert that fill no block of 64 of them yet, and wait for the next micro-batch's.
/// </summary>
/// <param name="Inputs">float32 [experts, 64, width].</param>
/// <param name="GateUpGradients">float32 [experts, 64, 2 feed-forward widths].</param>
/// <param name="Activated">float32 [experts, 64, feed-forward width].</param>
/// <param name="OutputGradients">float32 [experts, 64, width].</param>
/// <param name="Counts">int32 [experts]: how many, of micro-batches of even index.</param>
/// <param name="OddCounts">Of those of odd index.</param>
readonly record struct DeviceLeftRows(
    DevicePointer Inputs, DevicePointer GateUpGradients, DevicePointer Activated, DevicePointer OutputGradients, DevicePointer Counts,
    DevicePointer OddCounts)
{
    /// <param name="config">Of a model with experts.</param>
    /// <param name="several">Whether a batch has several micro-batches: one leaves nothing.</param>
    /// <param name="take">Room.</param>
    public static DeviceLeftRows Take(ModelConfig config, bool several, TakeRows take)
    {
        int count = config.Experts!.Count;
        DevicePointer Rows(int width) => several ? take((long)count * GemmF32.BlockTerms, width) : default;
        return new DeviceLeftRows(
            Rows(config.Width), Rows(2 * config.FeedForward), Rows(config.FeedForward), Rows(config.Width), take(count, 1), take(count, 1));
    }
}

/// <summary>What the passes of a mixture need for one layer at a time, and for a batch.</summary>
sealed record DeviceExpertScratch
{
    /// <summary>Rows in the order of their experts, or the gradients of their outputs, float32 [places, width].</summary>
    public required DevicePointer Gathered { get; init; }

    /// <summary>What the experts give, or the gradients of their inputs, float32 [places, width].</summary>
    public required DevicePointer Outputs { get; init; }

    /// <summary>float32 [rows, active].</summary>
    public required DevicePointer FactorGradients { get; init; }

    /// <summary>float32 [rows, experts]: the softmax over all experts.</summary>
    public required DevicePointer Probabilities { get; init; }

    /// <summary>int32 [sequences, experts]: how many tokens chose each.</summary>
    public required DevicePointer ChosenCounts { get; init; }

    /// <summary>float32 [sequences, experts].</summary>
    public required DevicePointer ProbabilityGradients { get; init; }

    /// <summary>int32 [batch rows]: negative where there is padding.</summary>
    public required DevicePointer Present { get; init; }

    /// <summary>float64 [batch rows]: of each sequence, at its first row, the loss of balance times its tokens.</summary>
    public required DevicePointer Balances { get; init; }

    public static DeviceExpertScratch Take(ModelConfig config, DeviceNeed need, TakeRows take)
    {
        ExpertShape shape = config.Experts!;
        return new DeviceExpertScratch
        {
            Gathered = take((long)need.Rows * shape.Active, config.Width),
            Outputs = take((long)need.Rows * shape.Active, config.Width),
            FactorGradients = take(need.Rows, shape.Active),
            Probabilities = take(need.Rows, shape.Count),
            ChosenCounts = take(need.Rows, shape.Count),
            ProbabilityGradients = take(need.Rows, shape.Count),
            Present = take(need.BatchRows, 1),
            Balances = take(need.BatchRows, 2),
        };
    }
}
