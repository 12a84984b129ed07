namespace Harness.Tasks.Answers;

/// <summary>How answers are read and compared.</summary>
public enum AnswerComparison
{
    /// <summary>Equal texts: Unicode NFC, ends trimmed, emphasis and $ around them dropped.</summary>
    Exact,

    /// <summary>Equal numbers, as exact rationals.</summary>
    Numeric,

    /// <summary>Equal labels: one letter or digit, in either case.</summary>
    Choice,
}
