namespace Harness.Statistics;

/// <summary>What a comparison of two methods on the same problems comes to.</summary>
public enum Verdict
{
    /// <summary>Hashes and answers are equal sample by sample; nothing is estimated.</summary>
    Identical,

    /// <summary>The test, adjusted for the other comparisons, rejects that the two are equally accurate.</summary>
    Changed,

    /// <summary>The 90 % interval of the difference lies within the margin.</summary>
    Same,

    /// <summary>Neither: more problems or samples might tell.</summary>
    CannotTell,
}
