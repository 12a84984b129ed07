using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>Several mistakes of one manifest, each a line of its own.</summary>
public sealed class ManifestException : Exception
{
    ManifestException(IReadOnlyList<HarnessException> mistakes)
        : base(string.Join('\n', mistakes.Select(mistake => mistake.ToCanonicalLine()))) => Mistakes = mistakes;

    /// <summary>Two or more, in the order of their places.</summary>
    public IReadOnlyList<HarnessException> Mistakes { get; }

    /// <summary>One mistake as itself, several as one exception; those that say the same at the same place once.</summary>
    public static Exception Of(IEnumerable<HarnessException> mistakes)
    {
        HarnessException[] sorted =
        [
            .. mistakes.DistinctBy(mistake => mistake.ToCanonicalLine())
                .OrderBy(mistake => mistake.File, StringComparer.Ordinal).ThenBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column),
        ];
        return sorted.Length == 1 ? sorted[0] : new ManifestException(sorted);
    }

    /// <summary>The expected failures that an exception stands for; none where it is not an expected one.</summary>
    public static IReadOnlyList<HarnessException> FailuresOf(Exception failure) => failure switch
    {
        ManifestException several => several.Mistakes,
        HarnessException one => [one],
        _ => [],
    };
}
