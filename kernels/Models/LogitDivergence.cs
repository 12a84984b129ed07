namespace Harness.Kernels.Models;

/// <summary>How far one model's predictions lie from another's.</summary>
public static class LogitDivergence
{
    /// <summary>KL(expected || actual) of the tokens that the logits predict, in nats.</summary>
    public static double Between(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double expectedNorm = LogSumExp(expected), actualNorm = LogSumExp(actual);
        double sum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double logProbability = expected[i] - expectedNorm;
            sum += Math.Exp(logProbability) * (logProbability - (actual[i] - actualNorm));
        }
        return sum;
    }

    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double max = double.NegativeInfinity;
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    /// <summary>The token of the largest logit; the first of several.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int token = 1; token < logits.Length; token++)
            best = logits[token] > logits[best] ? token : best;
        return best;
    }
}
