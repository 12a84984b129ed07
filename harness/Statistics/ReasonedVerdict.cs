namespace Harness.Statistics;

/// <summary>A verdict, and a sentence where the test and the interval seem to say different things.</summary>
/// <param name="Reason">Null where they agree.</param>
public readonly record struct ReasonedVerdict(Verdict Verdict, string? Reason)
{
    /// <summary>The level of the Holm-adjusted p.</summary>
    public const double Level = 0.05;

    /// <param name="identical">Whether hashes and answers are equal sample by sample.</param>
    /// <param name="difference">The difference of the two methods.</param>
    /// <param name="adjustedP">Its p after <see cref="Holm"/> over all comparisons that are made together.</param>
    /// <param name="margin">A smaller difference in accuracy does not matter; 0 where the manifest states no margin.</param>
    public static ReasonedVerdict Of(bool identical, PairedDifference difference, double adjustedP, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        if (identical)
            return new(Verdict.Identical, null);
        bool zeroInside = !(difference.Interval95.Low > 0 || difference.Interval95.High < 0);
        bool withinMargin = margin > 0 && difference.Interval90.Low >= -margin && difference.Interval90.High <= margin;
        if (adjustedP <= Level)
            return new(Verdict.Changed, ReasonOfChange(zeroInside, withinMargin));
        if (withinMargin)
            return new(Verdict.Same, zeroInside ? null : "the interval excludes 0, but the whole of it is smaller than the margin");
        return new(Verdict.CannotTell, zeroInside ? null : ReasonOfDoubt(difference, adjustedP));
    }

    static string? ReasonOfChange(bool zeroInside, bool withinMargin) =>
        zeroInside ? "the test rejects equality, but the interval reaches 0: it allows for two more problems, one lost and one won"
        : withinMargin ? "the difference is real, but smaller than the margin"
        : null;

    static string ReasonOfDoubt(PairedDifference difference, double adjustedP) => difference.PValue <= Level && adjustedP > Level
        ? "the interval excludes 0, and so would the test alone, but not after its adjustment for the other comparisons"
        : "the interval excludes 0, but the test does not reject equality: the two are close to their limits";
}
