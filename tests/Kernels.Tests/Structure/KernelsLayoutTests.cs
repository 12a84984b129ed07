using System.Reflection;
using Harness.Kernels;
using Harness.Tests.Shared.Structure;

namespace Kernels.Tests.Structure;

/// <summary>The rooms of kernels/ form no cycle, stand in the folders that their names say, and know nothing of experiments.</summary>
[TestFixture]
public static class KernelsLayoutTests
{
    /// <summary>Words of experiments, which the compute library has no use for.</summary>
    static readonly string[] ForeignWords =
        ["experiment", "manifest", "strateg", "verifier", "majority", "samples.csv", "run.json", "GSM8K", "countdown"];

    /// <summary>Every use of random numbers in the project is listed here, so this file names tasks.</summary>
    const string ListOfRandomPurposes = "RandomPurpose.cs";

    static Assembly Kernels => typeof(NumericsVersion).Assembly;

    static SourceTree Sources { get; } = SourceTree.Read("kernels", "Harness.Kernels", "Driver/ManagedCuda", "Ptx");

    [Test]
    public static void NamespacesFormNoCycle() =>
        Assert.That(string.Join('\n', NamespaceGraph.Of(Kernels, Sources).ShortestCycle()), Is.Empty);

    [Test]
    public static void RoomsImportWhatThePageAllows() =>
        Assert.That(string.Join('\n', RoomTable.Read("Rooms of kernels/").Faults(NamespaceGraph.Of(Kernels, Sources), Sources)), Is.Empty);

    [Test]
    public static void NamespacesAreTheirFolders() => Assert.That(string.Join('\n', Sources.MisplacedNamespaces()), Is.Empty);

    [Test]
    public static void PublicTypesLieInFilesOfTheirNames() => Assert.That(string.Join('\n', Sources.MisplacedTypes()), Is.Empty);

    [Test]
    public static void NothingOfExperimentsIsReferenced() =>
        Assert.That(Kernels.GetReferencedAssemblies().Select(name => name.Name), Has.None.EqualTo("harness").IgnoreCase);

    [Test]
    public static void NothingOfExperimentsIsNamed()
    {
        string[] extensions = [".cs", ".cu", ".cuh"];
        IEnumerable<string> files = Directory.EnumerateFiles(Sources.Folder, "*", SearchOption.AllDirectories)
            .Where(path => extensions.Contains(Path.GetExtension(path)) && !Path.GetRelativePath(Sources.Folder, path).StartsWith("obj"));
        IEnumerable<string> lines =
            from path in files
            where Path.GetFileName(path) != ListOfRandomPurposes
            from line in File.ReadLines(path).Index()
            let text = line.Item.Replace("GetManifestResource", "")
            from word in ForeignWords
            where text.Contains(word, StringComparison.OrdinalIgnoreCase)
            select $"{Path.GetRelativePath(Sources.Folder, path)}({line.Index + 1}): {word}";
        Assert.That(string.Join('\n', lines), Is.Empty);
    }
}
