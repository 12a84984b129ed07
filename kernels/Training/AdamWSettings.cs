namespace Harness.Kernels.Training;

/// <summary>Settings of AdamW; the learning rate is each step's own.</summary>
public sealed record AdamWSettings
{
    /// <summary>Of the mean of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Of the mean of their squares.</summary>
    public double Beta2 { get; init; } = 0.98;

    public double Epsilon { get; init; } = 1e-8;

    /// <summary>
    /// Share of a matrix's weights that a step at learning rate 1 takes away; embedding, tied head and norms do not decay.
    /// </summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>The norm of all gradients together that a step uses at most; infinity for no limit.</summary>
    public double ClipNorm { get; init; } = 1;
}
