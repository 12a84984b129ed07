namespace Harness.Kernels.Training;

/// <summary>What a step did.</summary>
/// <param name="Step">1-based.</param>
/// <param name="Loss">Mean over the batch's weighted tokens, in nats, before the update.</param>
/// <param name="GradientNorm">Of all gradients together, before clipping.</param>
public readonly record struct StepResult(long Step, double Loss, float GradientNorm);
