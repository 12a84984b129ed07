using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>A scorer of whole answers.</summary>
public interface IVerifier
{
    /// <summary>The manifest's name for it, such as mean-logprob.</summary>
    string Name { get; }

    /// <summary>Higher is better, on the verifier's own scale; never NaN.</summary>
    double Reward(PooledSample sample);

    /// <summary>The weight of a vote, in [0, 1].</summary>
    double Weight(PooledSample sample);
}
