using System.Text;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>
/// Hashes of file contents, remembered by path, size and time of writing, so that an up-to-date check need not read 100 MB again.
/// A changed time stamp only means that the content is hashed again.
/// </summary>
public sealed class ContentHashes
{
    /// <summary>A file written this recently could change again without a new time stamp, so its hash is not remembered.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    readonly string cacheFile;
    readonly TimeProvider clock;
    readonly SortedDictionary<string, string> known = new(StringComparer.Ordinal);

    /// <param name="cacheFile">Lines of hash, stamp and path, apart by tabs; whatever can't be read is forgotten.</param>
    public ContentHashes(string cacheFile, TimeProvider? clock = null)
    {
        this.cacheFile = cacheFile;
        this.clock = clock ?? TimeProvider.System;
        if (!File.Exists(cacheFile))
            return;
        foreach (string line in File.ReadLines(cacheFile))
        {
            if (line.Split('\t') is [{ Length: 64 } hash, { Length: 64 } stamp, { } path])
                known[$"{stamp}\t{path}"] = hash;
        }
    }

    /// <summary>The remembered hash of a file, or of a folder's files, else what <paramref name="compute"/> gives.</summary>
    public string Of(string path, Func<string> compute)
    {
        FileInfo[] files = Files(path);
        string name = $"{Stamp(path, files)}\t{path}";
        if (known.TryGetValue(name, out string? hash))
            return hash;
        hash = compute();
        if (Array.TrueForAll(files, file => clock.GetUtcNow() - file.LastWriteTimeUtc > Settled))
            Remember(name, path, hash);
        return hash;
    }

    void Remember(string name, string path, string hash)
    {
        foreach (string old in known.Keys.Where(key => key.EndsWith($"\t{path}", StringComparison.Ordinal)).ToArray())
            known.Remove(old);
        known[name] = hash;
        string text = string.Concat(known.Select(pair => $"{pair.Value}\t{pair.Key}\n"));
        try
        {
            Storage.WriteAll(Path.GetDirectoryName(cacheFile)!, [(Path.GetFileName(cacheFile), Encoding.UTF8.GetBytes(text))]);
        }
        catch (HarnessException)
        {
            // A cache that can't be kept costs time, never a result: a read-only checkout is still checked.
            known.Remove(name);
        }
    }

    static FileInfo[] Files(string path) => Directory.Exists(path)
        ? [.. new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal)]
        : [new FileInfo(path)];

    static string Stamp(string path, FileInfo[] files)
    {
        StringBuilder text = new();
        foreach (FileInfo file in files)
            text.Append(Path.GetRelativePath(path, file.FullName)).Append('\n').Append(file.Length).Append('\n').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        return Hashes.OfText(text.ToString());
    }
}
