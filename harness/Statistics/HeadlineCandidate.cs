namespace Harness.Statistics;

/// <summary>A strategy at one multiplier that a user could deploy.</summary>
/// <param name="Cost">The cost of an answer, in any unit that all candidates share. The cheapest of equally accurate candidates is
/// chosen.</param>
/// <param name="Accuracies">The accuracy on each problem, problems in one order for all candidates. A candidate with a NaN is never
/// chosen.</param>
/// <param name="OneSample">The accuracy on each problem of what it is to gain upon: one plain sample.</param>
public sealed record HeadlineCandidate(double Cost, double[] Accuracies, double[] OneSample);
