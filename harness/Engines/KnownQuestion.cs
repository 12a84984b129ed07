namespace Harness.Engines;

/// <summary>A strategy over a pool, as far as its truth depends on it.</summary>
/// <param name="Strategy">Its name in manifests.</param>
/// <param name="Multiplier">k.</param>
/// <param name="IsGreedy">Whether the pool is decoded at temperature 0.</param>
/// <param name="Options">The strategy's own.</param>
/// <param name="Verifier">The name of what scores the samples; null where nothing does.</param>
public sealed record KnownQuestion(
    string Strategy, int Multiplier, bool IsGreedy, IReadOnlyDictionary<string, int> Options, string? Verifier);
