using Harness.Verifiers;

namespace Harness.Registry;

/// <summary>Every verifier by its manifest name.</summary>
public static class VerifierRegistry
{
    public static IReadOnlyList<IVerifier> All { get; } = [new MeanLogprob(), new ExactChecker()];

    /// <summary>What a strategy that reads a verifier gets where the manifest names none.</summary>
    public static IVerifier Default => All[0];
}
