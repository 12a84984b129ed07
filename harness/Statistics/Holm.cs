namespace Harness.Statistics;

/// <summary>
/// Holm's step-down adjustment (1979): with it, the chance that any of several true hypotheses is rejected stays within the level,
/// whatever their dependence.
/// </summary>
public static class Holm
{
    /// <summary>
    /// Each p times the number of hypotheses that are not rejected before it, at most 1, and never below the result of a smaller p. A NaN
    /// stays a NaN and is not counted.
    /// </summary>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        double[] adjusted = pValues.ToArray();
        int[] byP = [.. Enumerable.Range(0, adjusted.Length).Where(i => !double.IsNaN(adjusted[i])).OrderBy(i => adjusted[i])];
        double most = 0;
        for (int rank = 0; rank < byP.Length; rank++)
        {
            most = Math.Max(most, Math.Min(1, (byP.Length - rank) * adjusted[byP[rank]]));
            adjusted[byP[rank]] = most;
        }
        return adjusted;
    }
}
