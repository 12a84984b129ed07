using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies.Pooled;

namespace Harness.Analysis;

/// <summary>
/// What an experiment says first: a strategy that one can deploy, beside one plain sample and greedy decoding of the same problems. Where
/// the manifest names none, the best one on even-numbered problems is judged on odd ones and the other way round.
/// </summary>
public sealed record Headline
{
    /// <summary>The pool that the strategy reads.</summary>
    public required PoolManifest Pool { get; init; }

    /// <summary>Such as "majority-vote with 64 samples"; two of them where the halves of the problems chose differently.</summary>
    public required string Strategy { get; init; }

    /// <summary>Whether it was chosen on other problems than it is judged on, in place of being named by the manifest.</summary>
    public required bool IsChosen { get; init; }
    public required double Accuracy { get; init; }
    public required Interval Interval { get; init; }

    /// <summary>Of one plain sample of the same pool.</summary>
    public required double OneSample { get; init; }

    /// <summary>Of greedy decoding of the same problems; null where no pool has it.</summary>
    public required double? Greedy { get; init; }
    public required double Difference { get; init; }
    public required Interval DifferenceInterval { get; init; }
    public required double PValue { get; init; }
    public required bool Differs { get; init; }

    /// <summary>Why test and interval seem to say different things; null where they agree.</summary>
    public required string? Reason { get; init; }

    /// <summary>Operations over those of one plain sample; the larger one where two strategies were chosen.</summary>
    public required double TimesTheOperations { get; init; }

    sealed record Candidate(StrategyManifest Reader, int Multiplier, double Flops, double[] Accuracies)
    {
        public string Label => Reader.Strategy.SamplesFor(Multiplier) == 1 ? Reader.Name : $"{Reader.Name} with {Multiplier} samples";
    }

    /// <summary>Null where no strategy that one can deploy reads more than one sample.</summary>
    public static Headline? Of(
        Manifest manifest, IReadOnlyList<AccuracyRow> accuracy, IReadOnlyDictionary<PoolManifest, ProblemSamples[]> pools)
    {
        PoolManifest? pool = manifest.Headline?.Strategy.Pool ?? manifest.Strategies.FirstOrDefault(IsCandidate)?.Pool;
        if (pool is null || pools[pool].Length == 0)
            return null;
        Candidate[] candidates = manifest.Headline is { } named
            ? [CandidateOf(manifest, named.Strategy, named.Multiplier, accuracy, pools)]
            : [.. manifest.Strategies.Where(strategy => strategy.Pool == pool && !strategy.IsUpperBound)
                .SelectMany(
                    strategy =>
                    strategy.Multipliers.Where(k => strategy.Strategy.SamplesFor(k) > 1)
                    .Select(k => CandidateOf(manifest, strategy, k, accuracy, pools)))];
        ProblemSamples[] problems = pools[pool];
        double[] one =
            [.. AccuracyEstimator.PerProblem(problems, new SingleSample(), 1, manifest.Seed).Select(estimate => estimate.Accuracy)];
        HeadlineChoice choice = HeadlineChoice.Of(
            [.. candidates.Select(candidate => new HeadlineCandidate(candidate.Flops, candidate.Accuracies))],
            one, [.. problems.Select(problem => problem.Difficulty)], manifest.Seed);
        Candidate[] chosen = [.. new[] { choice.ChosenOnEven, choice.ChosenOnOdd }.Distinct().Select(place => candidates[place])];
        return new Headline
        {
            Pool = pool,
            Strategy = string.Join(" or ", chosen.Select(candidate => candidate.Label)),
            IsChosen = manifest.Headline is null && candidates.Length > 1,
            Accuracy = choice.Accuracy,
            Interval = choice.Interval,
            OneSample = Mean.Of(one),
            Greedy = GreedyOf(manifest, pool, pools),
            Difference = choice.ToOneSample.Difference,
            DifferenceInterval = choice.ToOneSample.Interval95,
            PValue = choice.ToOneSample.PValue,
            Differs = choice.Verdict.Verdict == Verdict.Changed,
            Reason = choice.Verdict.Reason,
            TimesTheOperations = chosen.Max(candidate => candidate.Flops) / OneSampleFlops(accuracy, pool, chosen),
        };
    }

    static bool IsCandidate(StrategyManifest strategy) =>
        !strategy.IsUpperBound && strategy.Multipliers.Any(k => strategy.Strategy.SamplesFor(k) > 1);

    static Candidate CandidateOf(
        Manifest manifest, StrategyManifest reader, int multiplier, IReadOnlyList<AccuracyRow> accuracy,
        IReadOnlyDictionary<PoolManifest, ProblemSamples[]> pools) => new(
        reader,
        multiplier,
        accuracy.First(row => row.Pool == reader.Pool.Name && row.Strategy == reader.Name && row.Multiplier == multiplier
            && row.Difficulty == AccuracyRow.AllDifficulties).Flops,
        [.. AccuracyEstimator.PerProblem(pools[reader.Pool], reader.Strategy, multiplier, manifest.Seed)
            .Select(estimate => estimate.Accuracy)]);

    static double? GreedyOf(Manifest manifest, PoolManifest pool, IReadOnlyDictionary<PoolManifest, ProblemSamples[]> pools)
    {
        PoolManifest? greedy = manifest.Pools.FirstOrDefault(other =>
            other.Temperature == 0 && other.Prompt == pool.Prompt && PoolAttributes.AreSame(other, pool, PoolRole.Asks));
        return greedy is null ? null
            : Mean.Of(
                [.. AccuracyEstimator.PerProblem(pools[greedy], new Greedy(), 1, manifest.Seed).Select(estimate => estimate.Accuracy)]);
    }

    /// <summary>Of the cheapest row of the pool, which reads one sample where any does.</summary>
    static double OneSampleFlops(IReadOnlyList<AccuracyRow> accuracy, PoolManifest pool, Candidate[] chosen) => accuracy
        .Where(row => row.Pool == pool.Name && row.Difficulty == AccuracyRow.AllDifficulties && row.Multiplier == 1)
        .Select(row => row.Flops).DefaultIfEmpty(chosen.Min(candidate => candidate.Flops)).Min();
}
