using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Measurement;

/// <summary>Whether a measurement is steady enough to be committed.</summary>
public static class SteadyMeasurement
{
    /// <summary>Largest ratio of the fastest run to the slowest, at the middle of the batch sizes that were measured.</summary>
    public const double LargestRatio = 1.5;

    /// <param name="rows">By ascending batch size.</param>
    /// <exception cref="HarnessException"><see cref="Codes.UnsteadyMeasurement"/>.</exception>
    public static void Require(IReadOnlyList<ThroughputRow> rows)
    {
        if (rows.Count == 0)
            throw Codes.UnsteadyMeasurement.With(
                "this machine was not recorded: no run ended within the time for it; try again on a quiet machine");
        ThroughputRow middle = rows[rows.Count / 2];
        if (middle.TokensPerSecondHigh > LargestRatio * middle.TokensPerSecondLow)
        {
            throw Codes.UnsteadyMeasurement.With(
                $"this machine was not recorded: {middle.Runs} runs at batch {middle.Batch} gave {middle.TokensPerSecondLow:G4} to "
                + $"{middle.TokensPerSecondHigh:G4} tokens/s, more than {LargestRatio} times apart; try again on a quiet machine");
        }
    }
}
