using Harness.Samples;
using Harness.Statistics;
using Harness.Verifiers;

namespace Harness.Strategies.Pooled;

/// <summary>Among k samples, the one that the verifier rewards most.</summary>
public sealed class BestReward(IVerifier verifier) : IPooledStrategy
{
    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "best-of-n",
        Summary = "the sample among k that a verifier rewards most",
        ReadsVerifier = true,
        Create = settings => new BestReward(settings.RequiredVerifier),
    };

    public int SamplesFor(int multiplier) => multiplier;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed)
    {
        BestOfN best = new(verifier.Rewards(problem), multiplier);
        return StrategyEstimate.Exact(best.Estimate(problem.Correctness()), (_, correct) => best.Estimate(correct));
    }
}
