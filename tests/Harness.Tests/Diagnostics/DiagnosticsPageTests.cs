using Harness.Kernels.Diagnostics;
using Harness.Tests.Shared;

namespace Harness.Tests.Diagnostics;

public sealed class DiagnosticsPageTests
{
    [Test]
    public void Committed_page_is_what_the_codes_say() =>
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "docs", "diagnostics.md")), Is.EqualTo(DiagnosticsPage.Markdown()),
            "docs/diagnostics.md is made by: harness explain --markdown > docs/diagnostics.md");

    [Test]
    public void Page_lists_every_code_once()
    {
        string[] rows = [.. DiagnosticsPage.Markdown().Split('\n').Where(line => line.StartsWith("| HRN"))];
        Assert.That(rows.Select(row => row[2..9]), Is.EquivalentTo(Codes.All.Keys));
    }

    [Test]
    public void Every_code_says_what_to_do()
    {
        foreach (Diagnostic code in Codes.All.Values)
        {
            Assert.That(code.Cause, Does.EndWith("."), code.Code);
            Assert.That(code.Cure, Does.EndWith("."), code.Code);
        }
    }
}
