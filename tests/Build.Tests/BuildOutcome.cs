using System.Globalization;
using System.Text.RegularExpressions;

namespace Build.Tests;

/// <summary>One error or warning of a log, as MSBuild prints it.</summary>
readonly record struct LoggedDiagnostic(string File, int Line, int Column, string Kind, string Code, string Text);

/// <summary>How a build ended, and everything that it printed.</summary>
sealed partial record BuildOutcome(int ExitCode, string Output)
{
    public IReadOnlyList<LoggedDiagnostic> Diagnostics { get; } = [.. Canonical().Matches(Log(Output)).Select(match => new LoggedDiagnostic(
        match.Groups["file"].Value.Trim(), Number(match.Groups["line"]), Number(match.Groups["column"]),
        match.Groups["kind"].Value, match.Groups["code"].Value, match.Groups["text"].Value))];

    public IReadOnlyList<LoggedDiagnostic> Errors => [.. Diagnostics.Where(diagnostic => diagnostic.Kind == "error")];

    public bool SaysUpToDate => Output.Contains("up to date", StringComparison.OrdinalIgnoreCase);

    public BuildOutcome Succeeded()
    {
        Assert.That(ExitCode, Is.Zero, Output);
        return this;
    }

    /// <summary>The one error of a failed build.</summary>
    public LoggedDiagnostic Failed()
    {
        Assert.That(ExitCode, Is.Not.Zero, Output);
        Assert.That(Errors, Has.Count.EqualTo(1), Output);
        return Errors[0];
    }

    /// <summary>The output without the closing summary, which lists each diagnostic again.</summary>
    static string Log(string output) => output.Split(["Build FAILED.", "Build succeeded."], StringSplitOptions.None)[0];

    static int Number(Group group) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?<file>.*?)(\((?<line>\d+),(?<column>\d+)\))?\s?: (?<kind>error|warning) (?<code>[A-Z]+\d+): (?<text>.*?)"
        + @"( \[[^\]]*proj\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex Canonical();
}
