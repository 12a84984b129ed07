using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>
/// Files of an earlier run that this one no longer makes, such as the figure of a strategy that left the manifest, or a model.
/// </summary>
static class DroppedOutputs
{
    /// <summary>Removes them, and the folders of models that are left empty.</summary>
    public static void Remove(IReadOnlyList<string> paths, string results)
    {
        foreach (string path in paths)
        {
            Storage.Writing(path, () => File.Delete(path));
            string folder = Path.GetDirectoryName(path)!;
            if (folder != results && !Directory.EnumerateFileSystemEntries(folder).Any())
                Storage.Writing(folder, () => Directory.Delete(folder));
        }
    }

    /// <summary>In the folder itself, or in that of a model.</summary>
    static bool IsInside(string name) =>
        name.Split('/') is { Length: <= 2 } parts && parts.All(part => part.Length > 0 && part[0] != '.' && Path.GetFileName(part) == part);

    /// <summary>
    /// Paths of files that the folder's run.json lists, that still are what it says, and that are not among the new ones.
    /// </summary>
    public static IReadOnlyList<string> Find(string results, IReadOnlyCollection<string> names)
    {
        try
        {
            return
            [
                .. RunJson.OutputsOf(RunJson.Read(Path.Combine(results, RunJson.FileName)))
                    .Where(output => IsInside(output.Key) && !names.Contains(output.Key))
                    .Select(output => (Path: Path.Combine(results, output.Key), Hash: output.Value))
                    .Where(output => File.Exists(output.Path) && Hashes.OfFile(output.Path) == output.Hash)
                    .Select(output => output.Path),
            ];
        }
        catch (HarnessException unreadable) when (unreadable.Diagnostic == Codes.ResultsMissing
            || unreadable.Diagnostic == Codes.ResultsCorrupt)
        {
            return [];
        }
    }
}
