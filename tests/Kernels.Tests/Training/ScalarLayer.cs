namespace Kernels.Tests.Training;

/// <summary>What a prediction leaves in a layer.</summary>
sealed class ScalarLayer
{
    public float[] Input { get; set; } = [];

    public float[] InputPart { get; set; } = [];

    public float[] Normed { get; set; } = [];

    public float[] Q { get; set; } = [];

    public float[] K { get; set; } = [];

    public float[] V { get; set; } = [];

    public float[] QGradient { get; set; } = [];

    public float[] KGradient { get; set; } = [];

    public float[] VGradient { get; set; } = [];

    public float[] Mixed { get; set; } = [];

    public float[] MixedGradient { get; set; } = [];

    public float[] Middle { get; set; } = [];

    public float[] MiddlePart { get; set; } = [];

    public float[] MiddleNormed { get; set; } = [];

    public float[] MiddleGradient { get; set; } = [];

    public float[] Gate { get; set; } = [];

    public float[] GateGradient { get; set; } = [];

    public float[] Up { get; set; } = [];

    public float[] UpGradient { get; set; } = [];

    public float[] Activated { get; set; } = [];

    public float[] OutputGradient { get; set; } = [];

    public float[] RouterLogits { get; set; } = [];

    public float[] RouterGradients { get; set; } = [];

    /// <summary>Ascending.</summary>
    public ScalarExpert[] Experts { get; set; } = [];
}
