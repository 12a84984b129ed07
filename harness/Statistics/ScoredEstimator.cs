namespace Harness.Statistics;

/// <summary>An estimator over one problem's samples whose correctness is judged anew, as against another problem's gold.</summary>
/// <param name="tally">The samples' answers with that correctness.</param>
/// <param name="correct">The correctness of each sample.</param>
/// <returns>The chance of a right answer; NaN where the samples are too few.</returns>
public delegate double ScoredEstimator(AnswerTally tally, ReadOnlySpan<bool> correct);
