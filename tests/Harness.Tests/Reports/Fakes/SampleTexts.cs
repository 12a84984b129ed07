using Harness.Comparison.Sources;
using Harness.Pages;
using Harness.Pools;
using Harness.Records;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Reports.Fakes;

/// <summary>
/// Pages of samples: pool think with 300 problems of two samples, right and wrong in turns, whose first problem has a sample for each of
/// the <see cref="Hostile"/> texts.
/// </summary>
sealed class SampleTexts
{
    public const int Problems = 300;

    /// <summary>What a model may write to get out of the text that it is.</summary>
    public static IReadOnlyList<string> Hostile { get; } =
    [
        "<img src=\"x\" onerror=\"window.hacked = 1\">", "</script><script>window.hacked = 1</script>", "<!-- <script>",
        "--> ]]> \0 & &lt; &amp;",
        "\uFEFFa byte order mark", "half a \uD83D letter", "\u2028 and \u2029 are lines", "\\u003c \" ' ` ${window.hacked = 1}",
        "😀 中文 \u202E",
        "<svg onload=window.hacked=1>", "line\nline\r\nline\ttab", "",
    ];

    /// <summary>The same as a browser has them.</summary>
    public static string[] Shown => [.. Hostile.Select(text => text.Replace('\uD83D', '\uFFFD').Replace("\uFFFD\uDE00", "😀"))];

    readonly ResultFiles results;

    public SampleTexts()
    {
        ResultFiles files = ResultFiles.Of("demo", ("think", string.Join(' ', Enumerable.Range(0, Problems).Select(problem => problem == 0
            ? new string('1', Hostile.Count) : problem % 2 == 1 ? "10" : "11"))));
        results = files.With("think", 0, 0, row => row with { Answer = "<b>answer</b>", Finish = SampleRow.CutOff });
    }

    public int WrongProblems => results.Samples.Where(row => row.Correct == 0).Select(row => row.Problem).Distinct().Count();

    /// <summary>By the rows of samples.csv.</summary>
    public IReadOnlyList<PoolTexts> Texts() =>
    [
        new PoolTexts(
            "think",
            [.. Enumerable.Range(0, Problems).Select(problem => new ProblemText($"<i>question</i> {problem}", $"prompt {problem}"))],
            results.Samples.ToDictionary(row => (row.Problem, row.Sample), row => new SampleText(
                row.TokensHash, row.Problem == 0 ? Hostile[row.Sample] : $"text of {row.Problem}, {row.Sample}"))),
    ];

    /// <returns>The names of the pages' files.</returns>
    public string[] WriteTo(string folder, int most = SamplesPage.Most)
    {
        foreach ((string name, byte[] content) in Pages(folder, Texts(), most))
            File.WriteAllBytes(Path.Combine(folder, name), content);
        return [.. Pages(folder, Texts(), most).Select(page => Path.Combine(folder, page.Name))];
    }

    /// <param name="folder">For the results themselves.</param>
    public IReadOnlyList<(string Name, byte[] Content)> Pages(
        string folder, IReadOnlyList<PoolTexts> texts, int most = SamplesPage.Most, string? absence = null)
    {
        results.WriteTo(Path.Combine(folder, "results", "demo"));
        return SamplesPage.Write(ResultSources.Open(folder + "/", folder), "demo", texts, absence, "made by a test", "page.html", most);
    }
}
