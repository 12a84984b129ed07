namespace Harness.Samples;

/// <summary>What a change of estimators, intervals or figures must raise: what is computed from the samples is then stale.</summary>
public static class AnalysisVersion
{
    /// <summary>
    /// 2: anchored intervals, chance baselines, costs by kind. 3: figures of panels. 4: bounds by what was cut off, 2,000 random
    /// subsets, the two sources of a detectable effect, frontiers. 5: random orders that all problems share, and whose beginnings are the
    /// random subsets. 6: majority votes with ties broken by lot, to the last digits.
    /// </summary>
    public const int Current = 6;
}
