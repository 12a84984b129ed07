using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>Files written whole or not at all, and what the operating system says against it as codes.</summary>
public static class Storage
{
    const int NoSpaceUnix = 28, ReadOnlyUnix = 30, QuotaUnix = 122;
    const int NoSpaceWindows = unchecked((int)0x80070070), HandleFullWindows = unchecked((int)0x80070027);

    /// <summary>Runs what writes to <paramref name="path"/>.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.DiskFull"/> or <see cref="Codes.NotWritable"/>, naming the path.</exception>
    public static void Writing(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception refused) when (Refusal(refused) is { } code)
        {
            throw code.With($"{path}: {refused.Message}", inner: refused);
        }
    }

    /// <summary>Gives what reads a file of the results.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> where the operating system refuses to read it.</exception>
    public static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Codes.ResultsCorrupt.With($"can't be read: {refused.Message}", path, inner: refused);
        }
    }

    /// <summary>The code for a failure of writing, or null where it is none.</summary>
    public static Diagnostic? Refusal(Exception failure) => failure switch
    {
        IOException { HResult: NoSpaceUnix or QuotaUnix or NoSpaceWindows or HandleFullWindows } => Codes.DiskFull,
        UnauthorizedAccessException or IOException { HResult: ReadOnlyUnix } or DirectoryNotFoundException or FileNotFoundException =>
            Codes.NotWritable,
        _ => null,
    };

    /// <summary>Creates the folder where it is absent and writes a page into it, so that refusal comes before hours of work.</summary>
    public static void RequireWritable(string folder)
    {
        string probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
        Writing(folder, () =>
        {
            try
            {
                Directory.CreateDirectory(folder);
                File.WriteAllBytes(probe, new byte[4096]);
            }
            catch (IOException) when (File.Exists(folder))
            {
                throw new UnauthorizedAccessException("a file bears the folder's name");
            }
            finally
            {
                // Of a folder that is not there, deleting would fail for another reason than the one to be said.
                if (File.Exists(probe))
                    File.Delete(probe);
            }
        });
    }

    /// <summary>
    /// Writes every file aside in the same folder, then renames them in the order given. A file that holds these bytes already is left
    /// untouched. Whatever fails, each old file is whole, and no aside is left.
    /// </summary>
    /// <param name="files">Names relative to the folder, with their bytes; the one that vouches for the others comes last.</param>
    public static void WriteAll(string folder, IReadOnlyList<(string Name, byte[] Content)> files)
    {
        List<(string Aside, string Path)> staged = [];
        try
        {
            foreach ((string name, byte[] content) in files)
            {
                string path = Path.Combine(folder, name);
                if (Holds(path, content))
                    continue;
                string aside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Environment.ProcessId}.tmp");
                staged.Add((aside, path));
                Writing(path, () => WriteThrough(aside, content));
            }
            foreach ((string aside, string path) in staged)
                Writing(path, () => File.Move(aside, path, overwrite: true));
        }
        finally
        {
            foreach ((string aside, _) in staged.Where(file => File.Exists(file.Aside)))
                File.Delete(aside);
        }
    }

    static void WriteThrough(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>A file that can't be read is one to replace.</summary>
    static bool Holds(string path, byte[] content)
    {
        FileInfo file = new(path);
        try
        {
            return file.Exists && file.Length == content.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
