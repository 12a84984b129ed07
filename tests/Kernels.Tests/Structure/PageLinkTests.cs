using System.Text.RegularExpressions;
using Harness.Tests.Shared;

namespace Kernels.Tests.Structure;

/// <summary>Links between the pages and into the code lead somewhere.</summary>
[TestFixture]
public static partial class PageLinkTests
{
    static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Pages))]
    public static void LinksOfPagesLeadToFiles(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        IEnumerable<string> targets = Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal));
        Assert.That(targets.Where(target => !Path.Exists(Path.Combine(folder, target))), Is.Empty);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
