using System.Runtime.ExceptionServices;
using Harness.Samples;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>
/// What strategies are worth on each problem of one pool. An estimate is made once, when it is first asked for: tables, comparisons and
/// the headline read the same one.
/// </summary>
/// <param name="problems">The pool's, each with all its samples.</param>
/// <param name="readers">
/// Strategies whose multipliers are known: the first that is asked for makes the estimates of all of them.
/// </param>
public sealed class PoolEstimates(
    IReadOnlyList<ProblemSamples> problems, ulong seed, IReadOnlyDictionary<IPooledStrategy, IReadOnlyList<int>>? readers = null)
{
    readonly PoolEstimates?[] halves = new PoolEstimates?[2];
    readonly Dictionary<(IPooledStrategy Strategy, int Multiplier), StrategyEstimate[]> known = [];

    public IReadOnlyList<ProblemSamples> Problems => problems;

    public ulong Seed => seed;

    /// <summary>The same problems with half of their samples, in the order in which they were drawn: even ones or odd ones.</summary>
    /// <param name="parity">0: even ones.</param>
    public PoolEstimates Half(int parity) =>
        halves[parity] ??= new PoolEstimates([.. problems.Select(problem => problem.Half(parity))], seed, readers);

    /// <summary>In the order of the problems.</summary>
    public StrategyEstimate[] Of(IPooledStrategy strategy, int multiplier)
    {
        if (known.TryGetValue((strategy, multiplier), out StrategyEstimate[]? estimates))
            return estimates;
        IReadOnlyList<int> multipliers =
            readers?.GetValueOrDefault(strategy) is { } together && together.Contains(multiplier) ? together : [multiplier];
        StrategyEstimate[][] made = new StrategyEstimate[problems.Count][];
        OnAllThreads(made.Length, i => made[i] = strategy.Estimate(problems[i], multipliers, seed));
        for (int place = 0; place < multipliers.Count; place++)
            known.TryAdd((strategy, multipliers[place]), [.. made.Select(ofProblem => ofProblem[place])]);
        return known[(strategy, multiplier)];
    }

    /// <summary>The strategy's chance of a right answer on each problem.</summary>
    public double[] Accuracies(IPooledStrategy strategy, int multiplier) =>
        [.. Of(strategy, multiplier).Select(estimate => estimate.Own.Accuracy)];

    /// <summary>The same with each problem's number and difficulty: what two strategies are compared by.</summary>
    public IReadOnlyList<ProblemEstimate> PerProblem(IPooledStrategy strategy, int multiplier) =>
        [.. problems.Zip(Accuracies(strategy, multiplier), (problem, accuracy) => new ProblemEstimate(
            problem.Problem, problem.Difficulty, accuracy))];

    static void OnAllThreads(int count, Action<int> estimate)
    {
        try
        {
            Parallel.For(0, count, estimate);
        }
        catch (AggregateException failure)
        {
            ExceptionDispatchInfo.Throw(failure.InnerExceptions[0]);
        }
    }
}
