using Harness.Comparison.Sources;
using Harness.Measurement;
using Harness.Records;

namespace Harness.History;

/// <summary>The files of one experiment at one time, as a side of a comparison.</summary>
/// <param name="experiment">Its name.</param>
/// <param name="commit">Its whole hash; null of the working tree.</param>
/// <param name="files">The paths of those that are there.</param>
/// <param name="read">The bytes of one of them.</param>
/// <param name="pathOf">What messages call one.</param>
sealed class ExperimentState(
    string experiment, string? commit, IEnumerable<string> files, Func<string, byte[]> read, Func<string, string> pathOf) : IResultSource
{
    readonly HashSet<string> files = [.. files];

    public string Name => commit is null ? ResultSources.WorkTree : GitRepository.Short(commit);

    public string? Commit => commit;

    public IReadOnlyList<string> Experiments => [experiment];

    public byte[]? Read(string experiment, string file) => Read(file);

    public byte[]? Read(string file) => files.Contains(file) ? read(file) : null;

    public string PathOf(string experiment, string file) => pathOf(file);

    public string PathOf(string file) => pathOf(file);

    public IReadOnlyList<string> Machines(string experiment) =>
        [.. files.Select(MachineOf).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>The machine whose measurements a file holds; null of another file.</summary>
    public static string? MachineOf(string file) =>
        file.Split('/') is [MachineRecords.Folder, string machine, string name] && name == ThroughputTable.Csv.FileName ? machine : null;
}
