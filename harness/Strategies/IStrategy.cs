using Harness.Statistics;

namespace Harness.Strategies;

/// <summary>What a strategy knows of one sample.</summary>
/// <param name="Answer">Null where the text holds none.</param>
/// <param name="Logprob">Sum of the tokens' natural log-probabilities.</param>
public readonly record struct PooledSample(string? Answer, bool Correct, int Tokens, double Logprob, double? Reward);

/// <summary>All samples of one problem, by sample index.</summary>
public sealed record ProblemSamples(int Problem, int Difficulty, int PromptTokens, IReadOnlyList<PooledSample> Samples);

/// <summary>What a strategy gives one problem at one multiplier: the chance of being right (an expectation over the pool's subsets).</summary>
/// <param name="Accuracy">In [0, 1]; NaN where the multiplier exceeds the samples.</param>
public readonly record struct ProblemEstimate(int Problem, int Difficulty, double Accuracy);

/// <summary>A way to spend k times the compute on a problem and return one answer. Estimators read pools, they never generate.</summary>
public interface IStrategy
{
    /// <summary>The manifest's name for it, such as majority-vote.</summary>
    string Name { get; }

    /// <summary>Whether it counts equal answers, so that the task's right answers must be unique.</summary>
    bool VotesOnAnswers { get; }

    /// <summary>Whether a verifier scores its samples.</summary>
    bool ReadsVerifier => false;

    /// <summary>Whether its one sample must be the most likely one, so that the pool's temperature has to be 0.</summary>
    bool NeedsGreedyDecoding => false;

    /// <summary>Samples that multiplier k reads.</summary>
    int SamplesFor(int multiplier);

    /// <summary>The chance of a right answer on this problem when k samples are spent.</summary>
    double Accuracy(ProblemSamples problem, int multiplier, ulong seed);

    /// <summary>The same chance with its Monte Carlo error, which only a strategy that draws subsets at random has.</summary>
    MonteCarloEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed) => new(Accuracy(problem, multiplier, seed), 0);
}
