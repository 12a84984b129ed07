using System.Security.Cryptography;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks;

/// <summary>How problems are split.</summary>
public static class ProblemSplits
{
    /// <summary>Of so many hashes, the first are test, the next one is validation.</summary>
    const int Hashes = 16, TestHashes = 2;

    static readonly string[] Names = [.. Enum.GetNames<ProblemSplit>().Select(name => name.ToLowerInvariant())];

    /// <exception cref="HarnessException">HRN0007: no split is called so.</exception>
    public static ProblemSplit Parse(string written) =>
        Array.IndexOf(Names, written.ToLowerInvariant()) is >= 0 and int place ? (ProblemSplit)place
            : throw Codes.BadValue.With(
                $"Split is '{written}'; expected {string.Join(", ", Names)}{NearestName.Hint(written, Names)}");

    /// <summary>The split of a problem: by the first byte of the SHA-256 of its canonical form in UTF-8.</summary>
    public static ProblemSplit Of(string canonical) => (SHA256.HashData(Encoding.UTF8.GetBytes(canonical))[0] % Hashes) switch
    {
        < TestHashes => ProblemSplit.Test,
        TestHashes => ProblemSplit.Validation,
        _ => ProblemSplit.Train,
    };

    public static bool Has(this ProblemSplit split, string canonical) => split == ProblemSplit.All || Of(canonical) == split;
}
