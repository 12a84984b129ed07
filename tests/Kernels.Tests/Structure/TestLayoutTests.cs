using Harness.Tests.Shared;
using Harness.Tests.Shared.Structure;

namespace Kernels.Tests.Structure;

/// <summary>Tests lie in folders named as the rooms that they test, so that a room's tests are found beside one another.</summary>
[TestFixture]
public static class TestLayoutTests
{
    [TestCase("Kernels.Tests")]
    [TestCase("Harness.Tests", "Figures/Builtin")]
    public static void NamespacesAreTheirFolders(string project, params string[] apart) =>
        Assert.That(string.Join('\n', SourceTree.Read("tests/" + project, project, apart).MisplacedNamespaces()), Is.Empty);

    /// <param name="project">A project of tests.</param>
    /// <param name="library">The folder whose rooms it tests.</param>
    /// <param name="acrossRooms">Folders of tests that no single room has, such as those of the rooms themselves.</param>
    [TestCase("Kernels.Tests", "kernels", "Structure", "OnGpu")]
    [TestCase("Harness.Tests", "harness", "Structure", "Exactness", "Pictures")]
    public static void FoldersAreThoseOfRooms(string project, string library, params string[] acrossRooms)
    {
        string root = Path.Combine(Repository.Root, library);
        string[] rooms =
            [.. Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path))];
        IEnumerable<string> unknown = SourceTree.Read("tests/" + project, project, "Figures/Builtin").Files
            .Select(file => Path.GetDirectoryName(file.Name)!)
            .Select(folder => Path.GetFileName(folder) == "Fakes" ? Path.GetDirectoryName(folder)! : folder)
            .Distinct()
            .Where(folder => !acrossRooms.Contains(folder) && !rooms.Contains(folder, StringComparer.OrdinalIgnoreCase));
        Assert.That(unknown, Is.Empty);
    }
}
