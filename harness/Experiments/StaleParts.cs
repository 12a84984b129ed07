namespace Harness.Experiments;

/// <summary>What of committed results must be made again.</summary>
/// <param name="Pools">Names of pools whose samples must; the others' are taken from what is committed.</param>
/// <param name="Reason">The first difference that was found.</param>
public sealed record StaleParts(IReadOnlySet<string> Pools, string Reason)
{
    /// <summary>Whether all numbers are as they should be: a title, a README or a plot is not.</summary>
    public bool OnlyShown { get; init; }
}
