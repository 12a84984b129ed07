using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>SHA-256 in lower-case hex.</summary>
public static class Hashes
{
    public static string OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));

    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <param name="path">A file of the results.</param>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> where it can't be read.</exception>
    public static string OfFile(string path) => Storage.Reading(path, () =>
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    });

    /// <summary>First 16 hex digits over the ids as little-endian int32: samples.csv's tokens_hash.</summary>
    public static string OfTokens(ReadOnlySpan<int> ids)
    {
        byte[] bytes = new byte[4 * ids.Length];
        for (int i = 0; i < ids.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), ids[i]);
        return OfBytes(bytes)[..16];
    }
}
