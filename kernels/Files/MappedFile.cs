using System.IO.MemoryMappedFiles;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Files;

/// <summary>A file mapped into memory, read-only. Reading is safe from several threads until disposal.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    byte* start;

    MappedFile(string path, FileStream stream)
    {
        Path = path;
        Length = stream.Length;
        map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Maps <paramref name="path"/>; a file that is absent, empty or unreadable is refused with a code.</summary>
    public static MappedFile Open(string path)
    {
        try
        {
            // Also keeps pipes and devices, whose length is 0, from being opened and waited on.
            if (new FileInfo(path).Length == 0)
                throw KernelCodes.ModelFormat.With("the file is empty", path);
            return new MappedFile(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KernelCodes.ModelNotFound.With($"can't be opened: {error.Message}", path, inner: error);
        }
    }

    /// <summary>Bytes [offset, +length), which the caller has checked against <see cref="Length"/>.</summary>
    public ReadOnlySpan<byte> Slice(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(start is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(start + offset, length);
    }

    public void Dispose()
    {
        if (start is null)
            return;
        start = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }
}
