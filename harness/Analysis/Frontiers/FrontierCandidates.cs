using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;

namespace Harness.Analysis.Frontiers;

/// <summary>Ways to answer the same problems: strategies at their multipliers, over pools that ask the same.</summary>
sealed class FrontierCandidates
{
    readonly IReadOnlyDictionary<PoolManifest, PoolEstimates> pools;
    readonly Func<Cost, double> unit;
    readonly ModelConfig? model;
    readonly Dictionary<(PoolManifest, int?), PooledCost[]> costs = [];

    /// <param name="readers">Each with its multipliers.</param>
    /// <param name="pools">The estimates of each pool.</param>
    /// <param name="model">Its shape, of which operations are counted.</param>
    /// <param name="unit">What a cost is counted in.</param>
    public FrontierCandidates(
        IReadOnlyList<StrategyManifest> readers, IReadOnlyDictionary<PoolManifest, PoolEstimates> pools,
        ModelConfig? model, Func<Cost, double> unit)
    {
        (this.pools, this.model, this.unit) = (pools, model, unit);
        All = [.. readers.SelectMany(reader => reader.Multipliers.Select(multiplier => new FrontierCandidate(reader, multiplier)))];
    }

    public IReadOnlyList<FrontierCandidate> All { get; }

    /// <summary>Over all samples.</summary>
    public PricedCandidate[] Priced() => [.. All.Select(candidate => Priced(candidate, null))];

    /// <summary>
    /// Over the samples of one parity; of a candidate that reads more than those, and so can't be judged by them, null. Greedy decoding has
    /// one sample, which is every sample.
    /// </summary>
    public PricedCandidate?[] Priced(int parity) => [.. All.Select(candidate =>
        candidate.Reader.Pool.Temperature == 0 ? Priced(candidate, null)
        : candidate.Reader.Strategy.SamplesFor(candidate.Multiplier)
            <= pools[candidate.Reader.Pool].Half(parity).Problems.Min(problem => problem.Samples.Count) ? Priced(candidate, parity)
        : null)];

    PricedCandidate Priced(FrontierCandidate candidate, int? parity)
    {
        PoolManifest pool = candidate.Reader.Pool;
        PoolEstimates estimates = parity is { } half ? pools[pool].Half(half) : pools[pool];
        if (!costs.TryGetValue((pool, parity), out PooledCost[]? ofProblem))
            costs.Add((pool, parity), ofProblem = [.. estimates.Problems.Select(problem => new PooledCost(problem, model))]);
        StrategyEstimate[] worth = estimates.Of(candidate.Reader.Strategy, candidate.Multiplier);
        return new PricedCandidate(
            [.. ofProblem.Zip(worth, (cost, estimate) => unit(cost.Of(candidate.Reader, candidate.Multiplier, estimate)))],
            [.. worth.Select(estimate => estimate.Own.Accuracy)]);
    }
}
