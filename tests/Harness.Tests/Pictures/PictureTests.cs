extern alias Builtin;

using System.Text.RegularExpressions;
using Harness.Tests.Shared;

namespace Harness.Tests.Pictures;

/// <summary>
/// The pictures of docs/statistics.md: the numbers are computed again, and the drawings are those of the numbers. The stand-in draws them,
/// whichever renderer the harness itself uses.
/// </summary>
[Parallelizable(ParallelScope.Children)]
sealed partial class PictureTests
{
    static string Folder => Path.Combine(Repository.Root, "docs", "statistics");

    static IReadOnlyList<DrawnPicture> All => AllPictures.List;

    [Test]
    [Explicit("writes docs/statistics/: dotnet test tests/Harness.Tests --filter Write_the_pictures_of_statistics")]
    public void Write_the_pictures_of_statistics()
    {
        Directory.CreateDirectory(Folder);
        foreach (DrawnPicture drawn in All)
        {
            byte[] rows = PictureTable.Write(drawn.Rows());
            File.WriteAllBytes(PathOf(drawn, "csv"), rows);
            File.WriteAllText(PathOf(drawn, "svg"), Draw(drawn, rows));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Its_numbers_are_what_the_estimators_give(DrawnPicture drawn) =>
        Assert.That(PictureTable.Write(drawn.Rows()), Is.EqualTo(File.ReadAllBytes(PathOf(drawn, "csv"))));

    [TestCaseSource(nameof(All))]
    public void It_is_drawn_from_its_numbers(DrawnPicture drawn) =>
        Assert.That(File.ReadAllText(PathOf(drawn, "svg")), Is.EqualTo(Draw(drawn, File.ReadAllBytes(PathOf(drawn, "csv")))));

    [TestCaseSource(nameof(All))]
    public void No_text_of_it_is_shortened(DrawnPicture drawn) =>
        Assert.That(File.ReadAllText(PathOf(drawn, "svg")), Does.Not.Contain("…"));

    [Test]
    public void The_page_shows_each_once_and_no_other()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "statistics.md"));
        Assert.That(
            Shown().Matches(page).Select(match => match.Groups[1].Value), Is.EquivalentTo(All.Select(drawn => drawn.Picture.Name)));
        Assert.That(
            Directory.EnumerateFiles(Folder).Select(Path.GetFileName),
            Is.EquivalentTo(All.SelectMany(drawn => new[] { $"{drawn.Picture.Name}.csv", $"{drawn.Picture.Name}.svg" })));
    }

    static string PathOf(DrawnPicture drawn, string extension) => Path.Combine(Folder, $"{drawn.Picture.Name}.{extension}");

    static string Draw(DrawnPicture drawn, byte[] rows) => drawn.Picture.Draw(PictureTable.Read(rows, drawn.Picture.Name));

    [GeneratedRegex(@"!\[[^\]]+\]\(statistics/([a-z-]+)\.svg\)", RegexOptions.CultureInvariant)]
    private static partial Regex Shown();
}
