namespace Harness.Statistics;

/// <summary>A strategy at one multiplier that one could deploy.</summary>
/// <param name="Cost">Of an answer, in any unit that all candidates share: of equally accurate ones the cheapest is chosen.</param>
/// <param name="Accuracies">One a problem, in the order of all candidates; a candidate with a NaN is never chosen.</param>
public sealed record HeadlineCandidate(double Cost, double[] Accuracies);
