using Harness.Manifests;
using Harness.Records;

namespace Harness.Analysis.Frontiers;

/// <summary>A strategy over its pool at one multiplier.</summary>
sealed record FrontierCandidate(StrategyManifest Reader, int Multiplier)
{
    /// <summary>Such as majority-vote@16 over think.</summary>
    public string Name => $"{Reader.Name}@{CsvFields.Write(Multiplier)} over {Reader.Pool.Name}";
}
