namespace Harness.Strategies;

/// <summary>
/// What a strategy gives one problem at one multiplier: the chance of being right (an expectation over the pool's subsets).
/// </summary>
/// <param name="Accuracy">In [0, 1]; NaN where the multiplier exceeds the samples.</param>
public readonly record struct ProblemEstimate(int Problem, int Difficulty, double Accuracy);
