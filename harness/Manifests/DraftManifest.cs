namespace Harness.Manifests;

/// <summary>A manifest as far as it could be read.</summary>
/// <param name="Manifest">Of what is wrong in it, and of what follows from that, the values are placeholders.</param>
/// <param name="WrongPools">Places of the pools with such values.</param>
/// <param name="Mistakes">None where all of it is as written.</param>
public sealed record DraftManifest(Manifest Manifest, IReadOnlySet<int> WrongPools, Mistakes Mistakes);
