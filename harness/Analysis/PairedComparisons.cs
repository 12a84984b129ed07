using Harness.Manifests;
using Harness.Records;
using Harness.Statistics;
using Harness.Strategies;
using Harness.Strategies.Pooled;

namespace Harness.Analysis;

/// <summary>comparisons.csv from samples.csv: pools that ask the same problems, and strategies that read the same pool.</summary>
public static class PairedComparisons
{
    /// <summary>A strategy over a pool at one multiplier.</summary>
    readonly record struct Contender(PoolManifest Pool, string Name, IPooledStrategy Strategy, int Multiplier);

    /// <summary>Pairs of pools, then pairs of strategies pool by pool, each in the manifest's order.</summary>
    public static IReadOnlyList<ComparisonRow> Of(Manifest manifest, IReadOnlyDictionary<PoolManifest, PoolEstimates> pools)
    {
        (Contender First, Contender Second)[] pairs =
            [.. PairsOfPools(manifest), .. manifest.Pools.SelectMany(pool => PairsOfStrategies(manifest, pool))];
        IReadOnlyList<StrategyComparison> compared = StrategyComparison.OfAll(
            [.. pairs.Select(pair => new ComparedStrategies(Estimate(pair.First), Estimate(pair.Second)))], manifest.Seed, manifest.Margin);
        return [.. pairs.Zip(compared, (pair, comparison) => Row(pair.First, pair.Second, comparison,
            EffectSources.Of(SideOf(pair.First), SideOf(pair.Second), comparison.DetectableEffect)))];

        IReadOnlyList<ProblemEstimate> Estimate(Contender contender) =>
            pools[contender.Pool].PerProblem(contender.Strategy, contender.Multiplier);

        EffectSources.Side SideOf(Contender contender) =>
            new(pools[contender.Pool], contender.Strategy, contender.Multiplier, contender.Pool.Temperature == 0);
    }

    /// <summary>One answer a problem from each of two pools: direct against chain of thought, or greedy against sampled.</summary>
    static IEnumerable<(Contender, Contender)> PairsOfPools(Manifest manifest) => Pairs(manifest.Pools)
        .Where(
            pair =>
            PoolAttributes.AreSame(pair.First, pair.Second, PoolRole.Asks)
            && !PoolAttributes.AreSame(pair.First, pair.Second, PoolRole.Answers))
        .Select(pair => (OneAnswer(pair.First), OneAnswer(pair.Second)));

    static Contender OneAnswer(PoolManifest pool) => pool.Temperature == 0
        ? new(pool, Greedy.Definition.Name, new Greedy(), 1)
        : new(pool, SingleSample.Definition.Name, new SingleSample(), 1);

    static IEnumerable<(Contender, Contender)> PairsOfStrategies(Manifest manifest, PoolManifest pool)
    {
        foreach ((StrategyManifest first, StrategyManifest second) in Pairs(
            [.. manifest.Strategies.Where(strategy => strategy.Pool == pool && !strategy.IsMeasure)]))
        {
            if (Multipliers(first, second) is not var (one, other))
                continue;
            Contender a = new(pool, first.Name, first.Strategy, one), b = new(pool, second.Name, second.Strategy, other);
            if (first.Strategy.SamplesFor(one) > 1 || second.Strategy.SamplesFor(other) > 1)
                yield return (a, b);
        }
    }

    /// <summary>
    /// The largest multiplier that both have. A strategy that reads one sample at any multiplier is the baseline at its smallest, against
    /// the other's largest; two that read one sample give the same answer.
    /// </summary>
    static (int First, int Second)? Multipliers(StrategyManifest first, StrategyManifest second)
    {
        if (ReadsOneSample(first) || ReadsOneSample(second))
            return (OwnMultiplier(first), OwnMultiplier(second));
        int common = first.Multipliers.Intersect(second.Multipliers).DefaultIfEmpty(0).Max();
        return common > 0 ? (common, common) : null;
    }

    static int OwnMultiplier(StrategyManifest strategy) =>
        ReadsOneSample(strategy) ? strategy.Multipliers.Min() : strategy.Multipliers.Max();

    static bool ReadsOneSample(StrategyManifest strategy) => strategy.Strategy.SamplesFor(int.MaxValue) == 1;

    static IEnumerable<(T First, T Second)> Pairs<T>(IReadOnlyList<T> items) =>
        items.SelectMany((first, i) => items.Skip(i + 1).Select(second => (first, second)));

    static ComparisonRow Row(Contender first, Contender second, StrategyComparison comparison, EffectSources sources) => new()
    {
        FirstPool = first.Pool.Name,
        FirstStrategy = first.Name,
        FirstMultiplier = first.Multiplier,
        SecondPool = second.Pool.Name,
        SecondStrategy = second.Name,
        SecondMultiplier = second.Multiplier,
        Difficulty = AccuracyRow.AllDifficulties,
        Problems = comparison.Problems,
        FirstAccuracy = SignificantDigits.Round(comparison.First),
        SecondAccuracy = SignificantDigits.Round(comparison.Second),
        Difference = SignificantDigits.Round(comparison.Difference),
        CiLow = SignificantDigits.Round(comparison.CiLow),
        CiHigh = SignificantDigits.Round(comparison.CiHigh),
        PValue = SignificantDigits.Round(comparison.PValue),
        Test = comparison.Test,
        AdjustedPValue = SignificantDigits.Round(comparison.AdjustedPValue),
        Verdict = VerdictName.Of(comparison.Verdict.Verdict),
        Reason = comparison.Verdict.Reason ?? "",
        DetectableEffect = SignificantDigits.Round(comparison.DetectableEffect),
        DetectableBetween = SignificantDigits.Round(sources.Between),
        DetectableWithin = SignificantDigits.Round(sources.Within),
        DetectableNote = sources.Note,
    };
}
