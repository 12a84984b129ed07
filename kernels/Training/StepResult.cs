using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Training;

/// <summary>What a step did.</summary>
/// <param name="Step">1-based.</param>
/// <param name="Loss">Mean over the batch's weighted tokens, in nats, before the update.</param>
/// <param name="GradientNorm">Of all gradients together, before clipping.</param>
/// <param name="Balance">
/// How evenly the experts share a sequence, the mean over layers and tokens of the loss that balances them without its coefficient: 1
/// where they share alike, as many as there are over those active where all take the same; 0 in a dense model. No part of <paramref
/// name="Loss"/>.
/// </param>
public readonly record struct StepResult(long Step, double Loss, float GradientNorm, double Balance = 0)
{
    /// <summary>The result of a step that may change the weights.</summary>
    /// <exception cref="HarnessException">The loss or the norm is not finite.</exception>
    internal static StepResult OfFinite(long step, double loss, float norm, double balance = 0) =>
        double.IsFinite(loss) && float.IsFinite(norm)
        ? new StepResult(step, loss, norm, balance)
        : throw KernelCodes.TrainingNotFinite.With(
            $"step {step}: the loss is {loss}, the norm of the gradients {norm}; weights stay those of step {step - 1}");
}
