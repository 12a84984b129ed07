namespace Harness.Kernels.Training;

/// <summary>A text to learn from: each token but the first is predicted from those before it.</summary>
public sealed record TrainingSequence
{
    /// <summary>At least two.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>
    /// What each token counts in the loss: 0 not at all, 1 as usual, or another finite number that is not negative. As many as tokens; the
    /// first one's has no effect, as nothing predicts it.
    /// </summary>
    public required float[] Weights { get; init; }

    /// <summary>
    /// What is to be predicted in each token's place, where that is not the token itself, as when a text is judged and not written; as many
    /// as tokens; null: the tokens.
    /// </summary>
    public int[]? Targets { get; init; }

    /// <summary>
    /// Whether a token's target is what should not come in its place: the loss is then minus the natural logarithm of the probability of
    /// all other tokens (unlikelihood; Welleck et al. 2020, arXiv 1908.04319). As many as tokens; null: nowhere.
    /// </summary>
    public bool[]? Unlikely { get; init; }

    /// <summary>Predictions: the tokens but the first.</summary>
    public int Predictions => Tokens.Length - 1;

    /// <summary>A sequence of which all tokens count alike.</summary>
    public static TrainingSequence Of(params int[] tokens)
    {
        float[] weights = new float[tokens.Length];
        Array.Fill(weights, 1f);
        return new TrainingSequence { Tokens = tokens, Weights = weights };
    }
}
