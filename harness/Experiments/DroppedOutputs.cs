using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>Files of an earlier run that this one no longer makes, such as the figure of a strategy that left the manifest.</summary>
static class DroppedOutputs
{
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
                    .Where(output => output.Key == Path.GetFileName(output.Key) && !names.Contains(output.Key))
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
