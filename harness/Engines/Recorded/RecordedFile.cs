using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Tasks.Files;

namespace Harness.Engines.Recorded;

/// <summary>A recorded file that was found on this machine: its content identifies it, not its path.</summary>
/// <param name="Hash">SHA-256 in lower-case hexadecimal digits.</param>
public sealed record RecordedFile(string Path, byte[] Bytes, string Hash)
{
    /// <summary>Looks for a file under the folders, in their order; a rooted name stands for itself.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.DataNotFound"/>.</exception>
    public static RecordedFile Find(string name, params IReadOnlyList<string> folders)
    {
        DataFile found = DataFile.Read([name], folders);
        return new RecordedFile(found.Path, found.Bytes, found.Hash);
    }

    /// <summary>What is wrong with the file.</summary>
    /// <param name="line">1-based; 0 where it is no matter of a line.</param>
    public HarnessException Bad(string message, int line = 0, Exception? inner = null) =>
        Codes.DataCorrupt.With(message, Path, line, line > 0 ? 1 : 0, inner);
}
