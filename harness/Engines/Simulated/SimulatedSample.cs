namespace Harness.Engines.Simulated;

/// <summary>What one simulated sample is.</summary>
/// <param name="Answer">0: the right one; 1 and more: the wrong ones; null: none.</param>
/// <param name="Reward">In (0, 1): by which a verifier tells right from wrong.</param>
public readonly record struct SimulatedSample(int? Answer, double Reward)
{
    public bool IsRight => Answer == 0;
}
