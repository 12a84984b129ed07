using System.Collections.Frozen;
using System.Text;
using Harness.Kernels.Diagnostics;

namespace Harness.Diagnostics;

/// <summary>The page that lists every code with its cause and cure: docs/diagnostics.md is this text.</summary>
public static class DiagnosticsPage
{
    /// <summary>First number of each range, in ascending order, with what its codes are about.</summary>
    static readonly (int First, string Title)[] Ranges =
    [
        (0, "The manifest"),
        (100, "Placement and environment"),
        (200, "Model files"),
        (300, "Data, prompts and tokens"),
        (400, "Running"),
        (500, "Results"),
        (600, "Training"),
    ];

    /// <summary>Every code that the program prints, its own and the kernels', by its printed form.</summary>
    public static FrozenDictionary<string, Diagnostic> All { get; } = Codes.All.Concat(KernelCodes.All)
        .ToFrozenDictionary(code => code.Key, code => code.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Markdown, line breaks <c>\n</c>, codes ascending.</summary>
    public static string Markdown()
    {
        StringBuilder page = new("""
            # Diagnostics

            Every failure that a user can put right has a code. The program prints it as one line, `file(line,col): error HRN0007: what is
            wrong here`, and ends with exit status 2; under `dotnet build` the line is an MSBuild error. `harness explain HRN0007` prints
            one entry of this page; `harness explain --markdown` makes the page.

            """.ReplaceLineEndings("\n"));
        foreach ((int index, (int first, string title)) in Ranges.Index())
        {
            int end = index + 1 < Ranges.Length ? Ranges[index + 1].First : int.MaxValue;
            page.Append($"\n## {title}\n\n| code | what | cause | cure |\n|---|---|---|---|\n");
            foreach (Diagnostic code in All.Values.Where(code => code.Number >= first && code.Number < end).OrderBy(code => code.Number))
                page.Append($"| {code.Code} | {Cell(code.Title)} | {Cell(code.Cause)} | {Cell(code.Cure)} |\n");
        }
        return page.ToString();
    }

    static string Cell(string text) => text.Replace("|", "\\|");
}
