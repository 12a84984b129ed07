namespace Harness.Kernels.Decoding;

public enum FinishReason
{
    /// <summary>An end token was drawn; it is the last of the tokens.</summary>
    Stop,

    /// <summary>The maximum number of tokens was reached.</summary>
    Length,

    /// <summary>A stop string appeared in the text.</summary>
    StopString,
}

/// <summary>
/// One finished sample. Its tokens depend on the model, the prompt, the settings and (problem, sample), and nothing else.
/// </summary>
/// <remarks>
/// Tokens include the end token; log-probabilities are natural, of each token, at temperature 1 over the full vocabulary.
/// </remarks>
public sealed record Generation(int Problem, int Sample, int[] Tokens, float[] LogProbabilities, FinishReason Finish)
{
    /// <summary>Of the whole answer: the sum of those of its tokens, in their order, in float64.</summary>
    public double LogProbability
    {
        get
        {
            double sum = 0;
            foreach (float value in LogProbabilities)
                sum += value;
            return sum;
        }
    }
}
