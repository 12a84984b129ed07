namespace Harness.Statistics.Stopping;

/// <summary>Means over random orders at each cap.</summary>
/// <param name="Shares">[cap][answer]: the chance to win.</param>
/// <param name="Drawn">[cap][answer, the last one none]: the expected samples of each answer.</param>
/// <param name="Critical">The expected longest chain of tokens, of windows of more than one sample; else 0.</param>
/// <param name="Errors">The standard error of the accuracy.</param>
sealed record OrderMeans(double[] Shares, double[] Drawn, double[] Critical, double[] Errors);
