using System.Globalization;
using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>What a strategy gains and costs over a pool, at each multiplier.</summary>
public static class AccuracyEstimator
{
    /// <summary>The difficulty of rows over all problems.</summary>
    public const string AllDifficulties = "all";

    /// <summary>One problem's mean cost of a sample, and that of its prompt.</summary>
    readonly record struct Cost(double Tokens, double Flops, double PromptFlops);

    /// <summary>
    /// Rows by multiplier as listed; within one, each difficulty in ascending order where the pool has several, then all. An accuracy is
    /// NaN where the multiplier exceeds a problem's samples.
    /// </summary>
    public static IReadOnlyList<AccuracyRow> Estimate(
        StrategyManifest reader, IReadOnlyList<ProblemSamples> problems, ModelConfig model, ulong seed)
    {
        IPooledStrategy strategy = reader.Strategy;
        IReadOnlyList<int> multipliers = reader.Multipliers;
        MonteCarloEstimate[][] estimates = [.. multipliers.Select(k => Estimates(problems, strategy, k, seed))];
        Cost[] costs = [.. problems.Select(problem => CostOf(problem, model))];
        int[] difficulties = [.. problems.Select(problem => problem.Difficulty)];
        List<(string Name, AccuracyRow[] Rows)> groups = [];
        foreach ((string name, int[] members) in Groups(problems))
        {
            double[][] values = [.. estimates.Select(vector => Pick(vector, members, estimate => estimate.Accuracy))];
            double[][] errors = [.. estimates.Select(vector => Pick(vector, members, estimate => estimate.StandardError))];
            ProblemDraws draws = new(Pick(difficulties, members, difficulty => difficulty), seed);
            Interval[] intervals = [.. AnchoredBootstrap.OfMeans(values, draws, Anchors.Accuracy).Select(mean => mean.Interval())];
            Cost[] spent = Pick(costs, members, cost => cost);
            groups.Add((name, [.. multipliers.Select((k, i) => Row(k, name, values[i], errors[i], intervals[i], spent))]));
        }
        return [.. multipliers.SelectMany((_, i) => groups.Select(group => group.Rows[i]))];

        AccuracyRow Row(int multiplier, string difficulty, double[] values, double[] errors, Interval interval, Cost[] spent)
        {
            int samples = strategy.SamplesFor(multiplier);
            return new()
            {
                Pool = reader.Pool.Name,
                Strategy = reader.Name,
                Multiplier = multiplier,
                Difficulty = difficulty,
                Problems = values.Length,
                Accuracy = Mean.Of(values),
                CiLow = interval.Low,
                CiHigh = interval.High,
                Tokens = Mean.Of([.. spent.Select(cost => samples * cost.Tokens)]),
                Flops = Mean.Of([.. spent.Select(cost => cost.PromptFlops + samples * cost.Flops)]),
                MonteCarloError = MonteCarloError.OfMean(errors),
            };
        }
    }

    /// <summary>The strategy's chance of being right on each problem, in the pool's order: what two strategies are compared by.</summary>
    public static IReadOnlyList<ProblemEstimate> PerProblem(
        IReadOnlyList<ProblemSamples> problems, IPooledStrategy strategy, int multiplier, ulong seed) =>
        [.. problems.Zip(Estimates(problems, strategy, multiplier, seed),
            (problem, estimate) => new ProblemEstimate(problem.Problem, problem.Difficulty, estimate.Accuracy))];

    static MonteCarloEstimate[] Estimates(IReadOnlyList<ProblemSamples> problems, IPooledStrategy strategy, int multiplier, ulong seed) =>
        [.. problems.Select(problem => strategy.Estimate(problem, multiplier, seed))];

    static IEnumerable<(string Name, int[] Members)> Groups(IReadOnlyList<ProblemSamples> problems)
    {
        int[] all = [.. Enumerable.Range(0, problems.Count)];
        IGrouping<int, int>[] byDifficulty = [.. all.GroupBy(i => problems[i].Difficulty).OrderBy(group => group.Key)];
        foreach (IGrouping<int, int> group in byDifficulty.Length > 1 ? byDifficulty : [])
            yield return (group.Key.ToString(CultureInfo.InvariantCulture), [.. group]);
        yield return (AllDifficulties, all);
    }

    static TPart[] Pick<T, TPart>(T[] values, int[] members, Func<T, TPart> part) => [.. members.Select(i => part(values[i]))];

    static Cost CostOf(ProblemSamples problem, ModelConfig model)
    {
        long tokens = 0, flops = 0;
        foreach (PooledSample sample in problem.Samples)
        {
            tokens += sample.Tokens;
            flops += ModelFlops.Generation(model, problem.PromptTokens, sample.Tokens);
        }
        double samples = problem.Samples.Count;
        return new(tokens / samples, flops / samples, ModelFlops.Prompt(model, problem.PromptTokens));
    }
}
