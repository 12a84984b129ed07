using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Harness.Kernels.Numerics;

/// <summary>SHA-256 of the bits of numbers, in the order in which they are added.</summary>
public sealed class BitHash : IDisposable
{
    const int Digits = 16;

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add<T>(T value)
        where T : unmanaged => AddRange(new ReadOnlySpan<T>(in value));

    public void AddRange<T>(ReadOnlySpan<T> values)
        where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values));

    /// <summary>The first 16 hexadecimal digits of what was added since the last time.</summary>
    public string Take() => Convert.ToHexStringLower(hash.GetHashAndReset())[..Digits];

    public void Dispose() => hash.Dispose();
}
