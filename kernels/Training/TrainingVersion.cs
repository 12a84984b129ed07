namespace Harness.Kernels.Training;

/// <summary>What a change of a trained weight's bytes must raise: models that were trained before are then stale.</summary>
public static class TrainingVersion
{
    public const int Current = 1;
}
