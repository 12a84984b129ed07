using System.Globalization;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>Counts what has moved between committed samples and the same ones generated again.</summary>
sealed class MovedRows
{
    int compared, moved, tokens, answers;
    double largest;

    public void Add(SampleRow old, SampleRow now)
    {
        compared++;
        if (SampleTable.Csv.FirstDifference(old, now) is null)
            return;
        moved++;
        tokens += old.TokensHash != now.TokensHash ? 1 : 0;
        answers += old.Answer != now.Answer || old.Correct != now.Correct ? 1 : 0;
        largest = Math.Max(largest, Math.Abs(old.Logprob - now.Logprob));
    }

    /// <summary>What moved, how far, and what to do about it; null where nothing did.</summary>
    public string? Summary => moved == 0
        ? null
        : $"{moved} of {compared} samples moved, {tokens} of them in their tokens, {answers} in what they answer; the largest change of a "
            + "log-probability is "
            + $"{largest.ToString("G3", CultureInfo.InvariantCulture)}. "
            + (tokens > 0
                ? "If the change of arithmetic is meant, raise NumericsVersion and rebuild the results; else find the first unit test of a "
                    + "kernel that fails."
                : answers > 0
                    ? "If the change of problems or answers is meant, raise TasksVersion and rebuild the results."
                    : "Tokens are the same and their log-probabilities are not: if that is meant, raise NumericsVersion and rebuild the "
                        + "results.");
}
