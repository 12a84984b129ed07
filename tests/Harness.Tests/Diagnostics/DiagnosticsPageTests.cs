using Harness.Diagnostics;
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
        Assert.That(rows.Select(row => row[2..9]), Is.EquivalentTo(DiagnosticsPage.All.Keys));
    }

    [Test]
    public void No_number_is_used_twice() =>
        Assert.That(Fields(typeof(Codes)).Concat(Fields(typeof(KernelCodes))).Select(code => code.Number), Is.Unique);

    [Test]
    public void Every_code_says_what_to_do()
    {
        foreach (Diagnostic code in DiagnosticsPage.All.Values)
        {
            Assert.That(code.Cause, Does.EndWith("."), code.Code);
            Assert.That(code.Cure, Does.EndWith("."), code.Code);
        }
    }

    static IEnumerable<Diagnostic> Fields(Type codes) => codes.GetFields()
        .Where(field => field.FieldType == typeof(Diagnostic))
        .Select(field => (Diagnostic)field.GetValue(null)!);
}
