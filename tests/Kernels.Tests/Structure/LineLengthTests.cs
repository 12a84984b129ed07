using Harness.Tests.Shared;

namespace Kernels.Tests.Structure;

/// <summary>Lines of code are at most 140 columns wide, in the whole repository.</summary>
[TestFixture]
public static class LineLengthTests
{
    const int MostColumns = 140;

    static readonly string[] Extensions = [".cs", ".cu", ".cuh", ".props", ".targets", ".proj", ".csproj"];

    /// <summary>Folders of what is built, fetched or measured, and not written.</summary>
    static readonly string[] Skipped = ["bin", "obj", ".git", "artifacts", "data", "shared"];

    [Test]
    public static void LinesAreAtMost140ColumnsWide()
    {
        IEnumerable<string> tooWide =
            from path in CodeFiles(new DirectoryInfo(Repository.Root))
            let name = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')
            from line in File.ReadLines(path).Index()
            where line.Item.Length > MostColumns
            select $"{name}({line.Index + 1}): {line.Item.Length} columns";
        Assert.That(string.Join('\n', tooWide), Is.Empty);
    }

    static IEnumerable<string> CodeFiles(DirectoryInfo folder) => folder.EnumerateFiles()
        .Where(file => Extensions.Contains(file.Extension))
        .Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories().Where(inner => !Skipped.Contains(inner.Name)).SelectMany(CodeFiles));
}
