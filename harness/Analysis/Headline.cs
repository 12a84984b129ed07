using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies.Pooled;

namespace Harness.Analysis;

/// <summary>
/// What an experiment says first: a strategy that one can deploy, beside one plain sample and greedy decoding of the same problems. Where
/// the manifest names none, the best one on even-numbered problems is judged on odd ones and the other way round. It is the best over all
/// pools that ask the same problems as the first pool with such a strategy.
/// </summary>
public sealed record Headline
{
    /// <summary>The pools that the strategy reads: two where the halves of the problems chose strategies of different pools.</summary>
    public required IReadOnlyList<PoolManifest> Pools { get; init; }
    public required int Problems { get; init; }

    /// <summary>
    /// Such as "majority-vote with 64 samples"; two of them where the halves of the problems chose differently. It names pools where these
    /// are two.
    /// </summary>
    public required string Strategy { get; init; }

    /// <summary>Whether it was chosen on other problems than it is judged on, in place of being named by the manifest.</summary>
    public required bool IsChosen { get; init; }
    public required double Accuracy { get; init; }
    public required Interval Interval { get; init; }

    /// <summary>Of one plain sample of the same pools.</summary>
    public required double OneSample { get; init; }

    /// <summary>Of greedy decoding of the same problems with the same prompts; null where no pool has it.</summary>
    public required double? Greedy { get; init; }
    public required double Difference { get; init; }
    public required Interval DifferenceInterval { get; init; }
    public required double PValue { get; init; }
    public required bool Differs { get; init; }

    /// <summary>Why test and interval seem to say different things; null where they agree.</summary>
    public required string? Reason { get; init; }

    /// <summary>The cost over that of one plain sample; the larger one where two strategies were chosen.</summary>
    public required double TimesTheCost { get; init; }

    /// <summary>What the cost is counted in.</summary>
    public required CostUnit CostUnit { get; init; }

    static readonly SingleSample OneSampleStrategy = new();
    static readonly Greedy GreedyStrategy = new();

    sealed record Candidate(StrategyManifest Reader, int Multiplier, double Cost, double[] Accuracies)
    {
        public PoolManifest Pool => Reader.Pool;

        public string Label => Reader.Strategy.SamplesFor(Multiplier) == 1 ? Reader.Name : $"{Reader.Name} with {Multiplier} samples";
    }

    /// <summary>Null where no strategy that one can deploy reads more than one sample.</summary>
    public static Headline? Of(
        Manifest manifest, IReadOnlyList<AccuracyRow> accuracy, IReadOnlyDictionary<PoolManifest, PoolEstimates> pools,
        ModelConfig? model)
    {
        CostUnit unit = UnitOf(accuracy);
        Candidate[] candidates = [.. CandidatesOf(manifest).Select(candidate => new Candidate(
            candidate.Reader,
            candidate.Multiplier,
            CostOf(
                unit, candidate.Reader.Strategy.SamplesFor(candidate.Multiplier),
                accuracy.First(row => row.Pool == candidate.Reader.Pool.Name && row.Strategy == candidate.Reader.Name
                    && row.Multiplier == candidate.Multiplier && row.Difficulty == AccuracyRow.AllDifficulties)),
            pools[candidate.Reader.Pool].Accuracies(candidate.Reader.Strategy, candidate.Multiplier)))];
        if (candidates.Length == 0 || pools[candidates[0].Pool].Problems is not { Count: > 0 } problems)
            return null;
        HeadlineChoice choice = HeadlineChoice.Of(
            [.. candidates.Select(candidate => new HeadlineCandidate(
                candidate.Cost, candidate.Accuracies, pools[candidate.Pool].Accuracies(OneSampleStrategy, 1)))],
            [.. problems.Select(problem => problem.Difficulty)],
            manifest.Seed);
        Candidate[] chosen = [.. new[] { choice.ChosenOnEven, choice.ChosenOnOdd }.Distinct().Select(place => candidates[place])];
        PoolManifest[] read = [.. chosen.Select(candidate => candidate.Pool).Distinct()];
        return new Headline
        {
            Pools = read,
            Problems = problems.Count,
            Strategy = string.Join(
                " or ", chosen.Select(candidate => read.Length == 1 ? candidate.Label : $"{candidate.Label} of {candidate.Pool.Name}")),
            IsChosen = manifest.Headline is null && candidates.Length > 1,
            Accuracy = choice.Accuracy,
            Interval = choice.Interval,
            OneSample = Mean.Of(choice.OneSample),
            Greedy = GreedyOf(manifest, [.. choice.Chosen.Select(place => candidates[place].Pool)], pools),
            Difference = choice.ToOneSample.Difference,
            DifferenceInterval = choice.ToOneSample.Interval95,
            PValue = choice.ToOneSample.PValue,
            Differs = choice.Verdict.Verdict == Verdict.Changed,
            Reason = choice.Verdict.Reason,
            TimesTheCost = chosen.Max(candidate => candidate.Cost / OneSampleCost(unit, pools[candidate.Pool], model)),
            CostUnit = unit,
        };
    }

    /// <summary>
    /// The one that the manifest names; else all that can be deployed and read several samples, over the pools that ask the same problems
    /// as the first of them.
    /// </summary>
    static IEnumerable<(StrategyManifest Reader, int Multiplier)> CandidatesOf(Manifest manifest)
    {
        if (manifest.Headline is { } named)
            return [(named.Strategy, named.Multiplier)];
        (StrategyManifest Reader, int Multiplier)[] all =
        [
            .. manifest.Strategies.Where(strategy => strategy.IsDeployable).SelectMany(strategy => strategy.Multipliers
                .Where(k => strategy.Strategy.SamplesFor(k) > 1).Select(k => (strategy, k))),
        ];
        return all.Where(candidate => PoolAttributes.AreSame(candidate.Reader.Pool, all[0].Reader.Pool, PoolRole.Asks));
    }

    /// <param name="ofProblem">For each problem the pool whose problem greedy decoding is to answer.</param>
    static double? GreedyOf(
        Manifest manifest, PoolManifest[] ofProblem, IReadOnlyDictionary<PoolManifest, PoolEstimates> pools)
    {
        Dictionary<PoolManifest, double[]?> greedy = ofProblem.Distinct().ToDictionary(pool => pool, pool => manifest.Pools
            .Where(other => other.Temperature == 0 && other.Prompt == pool.Prompt && PoolAttributes.AreSame(other, pool, PoolRole.Asks))
            .Select(other => pools[other].Accuracies(GreedyStrategy, 1)).FirstOrDefault());
        return greedy.ContainsValue(null) ? null : Mean.Of([.. ofProblem.Select((pool, problem) => greedy[pool]![problem])]);
    }

    /// <summary>Of one plain sample of the pool, whether a row has it or not.</summary>
    static double OneSampleCost(CostUnit unit, PoolEstimates pool, ModelConfig? model)
    {
        if (unit == CostUnit.Samples)
            return 1;
        Cost[] costs = [.. pool.Problems.Select(problem => new PooledCost(problem, model).Of(1))];
        return SignificantDigits.Round(Mean.Of([.. costs.Select(cost => unit == CostUnit.Operations ? cost.Flops
            : cost.PromptTokens + cost.GeneratedTokens)]));
    }

    /// <summary>The finest unit that every estimate is known in.</summary>
    static CostUnit UnitOf(IReadOnlyList<AccuracyRow> accuracy)
    {
        AccuracyRow[] estimated = [.. accuracy.Where(row => !double.IsNaN(row.Accuracy))];
        return estimated.All(row => !double.IsNaN(row.Flops)) ? CostUnit.Operations
            : estimated.All(row => !double.IsNaN(row.PromptTokens + row.Tokens)) ? CostUnit.Tokens : CostUnit.Samples;
    }

    static double CostOf(CostUnit unit, int samples, AccuracyRow row) => unit switch
    {
        CostUnit.Operations => row.Flops,
        CostUnit.Tokens => row.PromptTokens + row.Tokens + row.VerifierTokens,
        _ => samples,
    };
}
