using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;

namespace Harness.Analysis.Frontiers;

/// <summary>frontier.csv: for each budget the best that an experiment's strategies give, over all problems and by difficulty.</summary>
public sealed class Frontier
{
    /// <summary>Bins of difficulty at most, and problems of a half of the problems in each at least.</summary>
    const int MostBins = 5, LeastInBin = 8;

    /// <summary>A bin's choice is judged by half of the samples, and its difficulty estimated by the other half.</summary>
    static readonly int[] Parities = [0, 1];

    readonly Manifest manifest;
    readonly IReadOnlyDictionary<PoolManifest, PoolEstimates> pools;
    readonly ModelConfig? model;
    readonly PoolManifest first;
    readonly int[] difficulties;
    readonly bool[] isOdd;
    readonly ProblemDraws draws;

    Frontier(
        Manifest manifest, IReadOnlyDictionary<PoolManifest, PoolEstimates> pools, ModelConfig? model, PoolManifest first)
    {
        (this.manifest, this.pools, this.model, this.first) = (manifest, pools, model, first);
        difficulties = [.. pools[first].Problems.Select(problem => problem.Difficulty)];
        isOdd = ProblemHalves.OddOnes(difficulties);
        draws = new ProblemDraws(difficulties, manifest.Seed);
    }

    /// <summary>
    /// Of each group of pools that ask the same problems, in the manifest's order, where it has several ways to answer whose costs are
    /// known: first in operations, then in tokens.
    /// </summary>
    public static IReadOnlyList<FrontierRow> Of(
        Manifest manifest, ModelConfig? model, IReadOnlyDictionary<PoolManifest, PoolEstimates> pools)
    {
        List<FrontierRow> rows = [];
        List<PoolManifest> done = [];
        foreach (PoolManifest pool in manifest.Pools)
        {
            if (done.Exists(other => PoolAttributes.AreSame(other, pool, PoolRole.Asks)) || pools[pool].Problems.Count < 2)
                continue;
            done.Add(pool);
            Frontier frontier = new(manifest, pools, model, pool);
            rows.AddRange(frontier.Rows(FrontierRow.Operations, cost => cost.Flops));
            rows.AddRange(frontier.Rows(FrontierRow.Tokens, cost => cost.GeneratedTokens + cost.VerifierTokens));
        }
        return rows;
    }

    List<FrontierRow> Rows(string unit, Func<Cost, double> price)
    {
        StrategyManifest[] asked =
            [.. manifest.Strategies.Where(strategy => PoolAttributes.AreSame(strategy.Pool, first, PoolRole.Asks) && !strategy.IsMeasure
                && pools[strategy.Pool].Problems.Count == difficulties.Length)];
        FrontierCandidates deployable = new([.. asked.Where(strategy => strategy.IsDeployable)], pools, model, price);
        FrontierCandidates bounds = new([.. asked.Where(strategy => strategy.IsUpperBound)], pools, model, price);
        PricedCandidate[] priced = deployable.Priced(), ofBounds = bounds.Priced();
        // Unknown operations, as of a recording, and one way alone have no frontier.
        if (priced.Length < 2 || priced.Concat(ofBounds).Any(candidate => candidate.Costs.Concat(candidate.Accuracies).Any(double.IsNaN)))
            return [];
        double[] budgets = Budgets([.. priced.Concat(ofBounds).Select(candidate => Mean.Of(candidate.Costs))]);
        BudgetChoice choice = new(priced, isOdd);
        List<FrontierRow> rows = [];
        rows.AddRange(budgets.Select(budget => Judged(
            unit, FrontierRow.OverAll, budget, deployable, choice, problems => choice.Best(budget, problems, All))).OfType<FrontierRow>());
        if (Judged(unit, FrontierRow.CheapestPass, double.NaN, deployable, choice, choice.CheapestPass) is { } pass)
            rows.Add(pass);
        if (RatesOf() is { } rates)
            rows.AddRange(new DifficultyFrontier(deployable, isOdd, difficulties, draws, rates, Bins).Rows(first.Name, unit, budgets));
        BudgetChoice bound = new(ofBounds, isOdd);
        rows.AddRange(budgets.Select(budget => Judged(
            unit, FrontierRow.UpperBound, budget, bounds, bound, problems => bound.Best(budget, problems, All))).OfType<FrontierRow>());
        return rows;
    }

    int[] All => [.. Enumerable.Range(0, difficulties.Length)];

    int Bins => Math.Clamp(difficulties.Length / 2 / LeastInBin, 1, MostBins);

    /// <summary>
    /// By parity, the share of right samples of each problem, in the pool with the most samples. Null where no pool has two that are drawn:
    /// the one answer of greedy decoding can't say how difficult a problem is and be judged by it.
    /// </summary>
    double[][]? RatesOf()
    {
        PoolManifest? pool = manifest.Pools
            .Where(pool => PoolAttributes.AreSame(pool, first, PoolRole.Asks) && pool.Temperature != 0 && FewestOf(pool) > 1)
            .MaxBy(FewestOf);
        return pool is null ? null : [.. Parities.Select(parity => pools[pool].Half(parity).Problems
            .Select(problem => problem.Samples.Count == 0 ? 0 : (double)problem.CorrectCount / problem.Samples.Count).ToArray())];
    }

    int FewestOf(PoolManifest pool) => pools[pool].Problems.Min(problem => problem.Samples.Count);

    /// <summary>Null where no candidate is within the budget on either half.</summary>
    FrontierRow? Judged(
        string unit, string scope, double budget, FrontierCandidates candidates, BudgetChoice choice, Func<IReadOnlyList<int>, int> choose)
    {
        int[] chosen = choice.Chosen(choose);
        int best = choose(All);
        if (best == BudgetChoice.None || chosen.Contains(BudgetChoice.None))
            return null;
        double[] accuracies = [.. chosen.Select((place, problem) => choice.Candidates[place].Accuracies[problem])];
        double cost = Mean.Of([.. chosen.Select((place, problem) => choice.Candidates[place].Costs[problem])]);
        ResampledMean mean = AnchoredBootstrap.OfMeans([accuracies], draws, Anchors.Accuracy)[0];
        int[] halves = [.. chosen.Distinct()];
        return Row(
            first.Name, unit, scope, FrontierRow.OverAll, budget, candidates.All[best],
            halves is [var one] && one == best ? "" : string.Join(" or ", halves.Select(place => candidates.All[place].Name)),
            accuracies.Length, mean, cost);
    }

    internal static FrontierRow Row(
        string problems, string unit, string scope, string bin, double budget, FrontierCandidate? choice, string halves, int judged,
        ResampledMean mean, double cost)
    {
        Interval interval = mean.Interval();
        return new FrontierRow
        {
            Problems = problems,
            Unit = unit,
            Scope = scope,
            Bin = bin,
            Budget = SignificantDigits.Round(budget),
            Pool = choice?.Reader.Pool.Name ?? "",
            Strategy = choice?.Reader.Name ?? "",
            Multiplier = choice?.Multiplier,
            Halves = halves,
            Judged = judged,
            Accuracy = SignificantDigits.Round(mean.Estimate),
            CiLow = SignificantDigits.Round(interval.Low),
            CiHigh = SignificantDigits.Round(interval.High),
            Cost = SignificantDigits.Round(cost),
            CostOfPass = SignificantDigits.Round(mean.Estimate > 0 ? cost / mean.Estimate : double.NaN),
        };
    }

    /// <summary>The cheapest candidate's cost, doubled until the dearest is within.</summary>
    static double[] Budgets(double[] costs)
    {
        double least = costs.Min(), most = costs.Max();
        List<double> budgets = [];
        for (double budget = least; least > 0 && double.IsFinite(most); budget *= 2)
        {
            budgets.Add(budget);
            if (budget >= most)
                break;
        }
        return [.. budgets];
    }
}
