namespace Harness.Kernels.Training;

/// <summary>
/// What a change of a trained weight's bytes must raise, whether it is one of training itself, of the arithmetic, of the vocabulary or of
/// what generated tasks draw: models that were trained before, and their states, are then stale. Tests hold the bytes of each.
/// </summary>
public static class TrainingVersion
{
    public const int Current = 1;
}
