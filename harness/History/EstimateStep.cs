using Harness.Records;
using Harness.Statistics;

namespace Harness.History;

/// <summary>
/// What moved in a row of accuracy.csv since the commit before: at least one of the three numbers. They are exact, so that any move beyond
/// the sixth significant digit is one; whether a moved accuracy is more than chance is what the paired comparison says.
/// </summary>
/// <param name="Since">The newest point before that has the row.</param>
/// <param name="Accuracy">Now - before; null where it did not move, like the others.</param>
/// <param name="Tokens">Now over before.</param>
/// <param name="Flops">As <paramref name="Tokens"/>.</param>
/// <param name="Verdict">Of a moved accuracy; null where nothing was tested.</param>
/// <param name="Reason">Why it was not tested, or why test and interval disagree; empty where there is nothing to say.</param>
sealed record EstimateStep(
    HistoryPoint Since, double? Accuracy, double? Tokens, double? Flops, Verdict? Verdict, string Reason)
{
    /// <summary>The verdict in words; empty where the accuracy did not move.</summary>
    public string VerdictText => Accuracy is null ? "" : Verdict is { } known ? VerdictName.Of(known) : "not tested";

    /// <summary>Null where nothing moved.</summary>
    public static EstimateStep? Of(HistoryPoint since, AccuracyRow before, AccuracyRow now, Func<(Verdict?, string)> test)
    {
        double? accuracy = IsMoved(before.Accuracy, now.Accuracy) ? SignificantDigits.Round(now.Accuracy - before.Accuracy) : null;
        double? tokens = IsMoved(before.Tokens, now.Tokens) ? SignificantDigits.Round(now.Tokens / before.Tokens) : null;
        double? flops = IsMoved(before.Flops, now.Flops) ? SignificantDigits.Round(now.Flops / before.Flops) : null;
        if (accuracy is null && tokens is null && flops is null)
            return null;
        (Verdict? verdict, string reason) = accuracy is null ? (null, "") : test();
        return new EstimateStep(since, accuracy, tokens, flops, verdict, reason);
    }

    /// <summary>What is unknown on one side, NaN, did not move. Earlier schemas wrote every digit, today's six significant ones.</summary>
    static bool IsMoved(double before, double now) => double.IsFinite(before) && double.IsFinite(now)
        && !SignificantDigits.Round(before).Equals(SignificantDigits.Round(now));
}
