namespace Kernels.Tests.Training;

/// <summary>What a prediction leaves in one of its experts.</summary>
sealed record ScalarExpert(int Expert, float Factor, float[] Gate, float[] Up, float[] Activated)
{
    public float[] Scaled { get; set; } = [];

    public float[] GateGradient { get; set; } = [];

    public float[] UpGradient { get; set; } = [];
}
