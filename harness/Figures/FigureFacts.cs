namespace Harness.Figures;

/// <summary>What figures say of an experiment beside its rows: all of it stands in run.json.</summary>
/// <param name="Model">its name, precision and shape; of recorded pools the names of their files</param>
/// <param name="Pools">in the manifest's order</param>
public sealed record FigureFacts(string Title, string Model, IReadOnlyList<PoolFacts> Pools)
{
    /// <summary>whether the pools were replayed from files, so that there is no model</summary>
    public bool IsRecorded { get; init; }
}

/// <summary>How a pool was asked.</summary>
/// <param name="Questions">the first pool that asks the same problems</param>
/// <param name="Temperature">0: greedy; NaN: unknown</param>
public sealed record PoolFacts(string Name, string Task, string Questions, string Prompt, double Temperature, int Problems);
