using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Training;

/// <summary>What a step did.</summary>
/// <param name="Step">1-based.</param>
/// <param name="Loss">Mean over the batch's weighted tokens, in nats, before the update.</param>
/// <param name="GradientNorm">Of all gradients together, before clipping.</param>
public readonly record struct StepResult(long Step, double Loss, float GradientNorm)
{
    /// <summary>The result of a step that may change the weights.</summary>
    /// <exception cref="HarnessException">The loss or the norm is not finite.</exception>
    internal static StepResult OfFinite(long step, double loss, float norm) => double.IsFinite(loss) && float.IsFinite(norm)
        ? new StepResult(step, loss, norm)
        : throw KernelCodes.TrainingNotFinite.With(
            $"step {step}: the loss is {loss}, the norm of the gradients {norm}; weights stay those of step {step - 1}");
}
