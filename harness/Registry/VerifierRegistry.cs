using Harness.Verifiers;

namespace Harness.Registry;

/// <summary>Every verifier by its manifest name.</summary>
public static class VerifierRegistry
{
    public static IReadOnlyList<IVerifier> All { get; } = [new MeanLogprob()];

    /// <summary>Null where no verifier bears this name.</summary>
    public static IVerifier? Find(string name) => All.FirstOrDefault(verifier => verifier.Name == name);
}
