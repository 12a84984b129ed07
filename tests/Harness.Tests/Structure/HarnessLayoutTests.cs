using System.Reflection;
using Harness.Diagnostics;
using Harness.Tests.Shared.Structure;

namespace Harness.Tests.Structure;

/// <summary>The rooms of harness/ form no cycle and stand in the folders that their names say.</summary>
[TestFixture]
public static class HarnessLayoutTests
{
    static Assembly Program => typeof(Codes).Assembly;

    /// <summary>build/ and Figures/ScottPlot/ hold projects of their own.</summary>
    static SourceTree Sources { get; } = SourceTree.Read("harness", "Harness", "build", "Figures/ScottPlot");

    [Test]
    public static void NamespacesFormNoCycle() =>
        Assert.That(string.Join('\n', NamespaceGraph.Of(Program, Sources).ShortestCycle()), Is.Empty);

    [Test]
    public static void RoomsImportWhatThePageAllows() =>
        Assert.That(string.Join('\n', RoomTable.Read("Rooms of harness/").Faults(NamespaceGraph.Of(Program, Sources), Sources)), Is.Empty);

    [Test]
    public static void NamespacesAreTheirFolders() => Assert.That(string.Join('\n', Sources.MisplacedNamespaces()), Is.Empty);

    [Test]
    public static void PublicTypesLieInFilesOfTheirNames() => Assert.That(string.Join('\n', Sources.MisplacedTypes()), Is.Empty);
}
