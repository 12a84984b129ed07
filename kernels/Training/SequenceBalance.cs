using Harness.Kernels.Configuration;

namespace Harness.Kernels.Training;

/// <summary>
/// How evenly the experts of a layer share one sequence: the loss of Fedus et al. 2021 (arXiv 2101.03961), taken sequence by sequence as in
/// section 2.1.3 of DeepSeek-V2 (arXiv 2405.04434), so that it does not depend on what else is in a batch. Of T tokens that each choose K
/// of E experts, let c be how many choose expert e and P the mean of its softmax over all experts: the loss is the sum over e of E c P /
/// (K T), 1 where all share alike. Counts are constants to the gradient.
/// </summary>
sealed class SequenceBalance(ExpertShape shape)
{
    readonly int[] chosen = new int[shape.Count];
    readonly double[] probabilities = new double[shape.Count];
    int tokens;

    /// <summary>[experts]: gradients of the loss, times a coefficient, over a token's probabilities; the same for all tokens.</summary>
    public float[] Gradients { get; } = new float[shape.Count];

    /// <summary>Begins a sequence.</summary>
    public void Clear()
    {
        tokens = 0;
        Array.Clear(chosen);
        Array.Clear(probabilities);
    }

    /// <summary>Counts a token's experts.</summary>
    public void Count(ReadOnlySpan<int> experts)
    {
        tokens++;
        foreach (int expert in experts)
            chosen[expert]++;
    }

    /// <summary>Adds a token's probabilities over all experts.</summary>
    public void Add(ReadOnlySpan<float> all)
    {
        for (int expert = 0; expert < all.Length; expert++)
            probabilities[expert] += all[expert];
    }

    /// <summary>Sets <see cref="Gradients"/> once all tokens are counted.</summary>
    /// <param name="coefficient">Of the loss.</param>
    /// <param name="batchTokens">Tokens of the batch, over which the sequences' losses are a mean.</param>
    public void SetGradients(double coefficient, long batchTokens)
    {
        // Of the mean over the batch, T / batchTokens times this sequence's; P is a mean over T.
        for (int expert = 0; expert < shape.Count; expert++)
            Gradients[expert] = tokens == 0 ? 0
                : (float)(coefficient * shape.Count * chosen[expert] / ((double)shape.Active * tokens * batchTokens));
    }

    /// <summary>The loss times the sequence's tokens.</summary>
    public double Sum()
    {
        double sum = 0;
        for (int expert = 0; expert < shape.Count; expert++)
            sum += chosen[expert] * probabilities[expert];
        return tokens == 0 ? 0 : sum * shape.Count / ((double)shape.Active * tokens);
    }
}
