using Harness.Verifiers;

namespace Harness.Registry;

/// <summary>Every verifier by its manifest name.</summary>
public static class VerifierRegistry
{
    public static StepChecker StepChecker { get; } = new();

    public static IReadOnlyList<IVerifier> All { get; } = [new MeanLogprob(), new SequenceLogprob(), new ExactChecker(), StepChecker];

    /// <summary>The verifier of a strategy that needs one where the manifest names none.</summary>
    public static IVerifier Default => All[0];
}
