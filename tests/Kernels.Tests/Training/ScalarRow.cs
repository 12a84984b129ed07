namespace Kernels.Tests.Training;

/// <summary>A prediction on its way through the model and back.</summary>
sealed class ScalarRow(int token, int layers)
{
    public int Token => token;

    public ScalarLayer[] Layers { get; } = [.. Enumerable.Range(0, layers).Select(_ => new ScalarLayer())];

    public float[] Final { get; set; } = [];

    public float[] FinalNormed { get; set; } = [];

    public float[] FinalPart { get; set; } = [];

    public float[] Logits { get; set; } = [];

    public float[] LogitGradients { get; set; } = [];

    public float[] EmbeddingGradient { get; set; } = [];
}
