using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Harness.Searches;

/// <summary>
/// The seed of one search: the manifest's, salted with strategy, multiplier and replicate, so that no two searches share a draw with each
/// other or with the plain samples.
/// </summary>
static class SearchSeed
{
    /// <summary>The first 8 bytes, little-endian, of SHA-256 over the four in UTF-8, a line each.</summary>
    public static ulong Of(ulong seed, string strategy, int multiplier, int replicate) =>
        BinaryPrimitives.ReadUInt64LittleEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}\n{strategy}\n{multiplier}\n{replicate}"))));
}
