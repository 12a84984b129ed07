using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>
/// A scorer of whole answers: a function of what samples.csv holds, or of the text and the tokens (<see cref="ITextVerifier"/>).
/// </summary>
public interface IVerifier
{
    /// <summary>The manifest's name for it, such as mean-logprob.</summary>
    string Name { get; }

    /// <summary>One line for `harness list verifiers`.</summary>
    string Summary { get; }

    /// <summary>Whether it reads the samples' log-probabilities and tokens, which a recorded pool may lack.</summary>
    bool NeedsLogprobs => false;

    /// <summary>One a sample, on the verifier's own scale: higher is better; never NaN.</summary>
    double[] Rewards(ProblemSamples problem);

    /// <summary>The weight of a vote with this reward, in [0, 1].</summary>
    double Weight(double reward);
}
