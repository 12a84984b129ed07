using System.Security.Cryptography;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks.Files;

/// <summary>A data file found on this machine, with its bytes and their hash: its content identifies it, not its path.</summary>
sealed record DataFile
{
    public required string Path { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Its bytes as UTF-8, without a byte order mark.</summary>
    /// <exception cref="HarnessException">HRN0302: it is not UTF-8.</exception>
    public string Text
    {
        get
        {
            ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble, content = Bytes;
            try
            {
                return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(
                    content.StartsWith(mark) ? content[mark.Length..] : content);
            }
            catch (DecoderFallbackException malformed)
            {
                throw Codes.DataCorrupt.With($"not UTF-8: {malformed.Message}", Path, inner: malformed);
            }
        }
    }

    /// <summary>
    /// Reads the first of <paramref name="names"/> that lies under one of <paramref name="folders"/> (nulls are skipped; a rooted name
    /// stands for itself).
    /// </summary>
    /// <exception cref="HarnessException">HRN0301: there is no such file, or it can't be read.</exception>
    public static DataFile Read(IReadOnlyList<string> names, IReadOnlyList<string?> folders)
    {
        IEnumerable<string> known = folders.OfType<string>();
        string[] places = [.. known.SelectMany(folder => names.Select(name => System.IO.Path.Combine(folder, name))).Distinct()];
        string path = Array.Find(places, File.Exists) ?? throw Codes.DataNotFound.With(
            places.Length == 0 ? $"{names[0]}: no data folder is known" : $"{names[0]} is at none of: {string.Join(", ", places)}");
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return new DataFile { Path = path, Bytes = bytes, Hash = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Codes.DataNotFound.With($"can't be read: {exception.Message}", path, inner: exception);
        }
    }
}
