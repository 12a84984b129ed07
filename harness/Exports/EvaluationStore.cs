using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Exports;

/// <summary>
/// A folder that `aieval report --path FOLDER` opens, with the layout of DiskBasedResultStore: results/EXECUTION/SCENARIO/ITERATION.json.
/// Results of other experiments and commits stay.
/// </summary>
static class EvaluationStore
{
    const string Folder = "results", Extension = ".json";

    /// <summary>What no file system of all that the tools run on has in a name.</summary>
    const string Forbidden = "<>:\"/\\|?*";

    /// <summary>Writes the results, and removes those of an earlier export of the same commit that are no longer among them.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="HarnessException"><see cref="Codes.NotWritable"/>; <see cref="Codes.DiskFull"/>.</exception>
    public static int Write(string folder, EvaluationResults results)
    {
        string execution = Path.Combine(folder, Folder, Segment(results.Execution));
        HashSet<string> written = [];
        Storage.Writing(folder, () =>
        {
            Directory.CreateDirectory(execution);
            foreach (EvaluationResult result in results.All())
            {
                string path = Path.Combine(execution, Segment(result.Scenario), Segment(result.Iteration) + Extension);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, Encoding.UTF8.GetBytes(result.Json.ToJsonString(JsonStyle.Indented) + "\n"));
                written.Add(path);
            }
            RemoveStale(execution, results.Root, written);
        });
        return written.Count;
    }

    static void RemoveStale(string execution, string root, HashSet<string> written)
    {
        foreach (string path in Directory.GetFiles(execution, "*" + Extension, SearchOption.AllDirectories))
        {
            if (!written.Contains(path) && ScenarioOf(path).StartsWith(Segment(root) + ".", StringComparison.Ordinal))
                File.Delete(path);
        }
    }

    static string ScenarioOf(string path) => Path.GetFileName(Path.GetDirectoryName(path)!);

    static string Segment(string name) =>
        string.Concat(name.Select(letter => Forbidden.Contains(letter) || char.IsControl(letter) ? '_' : letter));
}
