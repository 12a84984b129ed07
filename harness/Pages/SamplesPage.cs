using System.Net;
using System.Text;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Pools;
using Harness.Records;
using Harness.Reports;

namespace Harness.Pages;

/// <summary>
/// The samples of an experiment, to be looked through: problems, their samples, and the texts, filtered and searched by the page's own
/// script, which puts texts into the page as texts alone and only what is being looked at. The address names what is shown, so that a link
/// leads to one sample. Where one page would grow too large there are several, each of which knows where the others begin.
/// </summary>
public sealed class SamplesPage
{
    /// <summary>Bytes of one page.</summary>
    public const int Most = 20_000_000;

    /// <summary>The part of a page, as its denominator, that samples have however many problems every page lists.</summary>
    const int LeastRoom = 4;

    /// <summary>What every page says of each, beside its name: the places where it begins.</summary>
    const int BytesOfPage = 64;

    readonly CommittedExperiment experiment;
    readonly IReadOnlyList<BrowsedPool> pools;
    readonly string? absence;
    readonly string note;

    SamplesPage(CommittedExperiment experiment, IReadOnlyList<BrowsedPool> pools, string? absence, string note) =>
        (this.experiment, this.pools, this.absence, this.note) = (experiment, pools, absence, note);

    /// <param name="texts">Of its pools, as far as they are known.</param>
    /// <param name="absence">Why texts are not known; null where nothing hinders that.</param>
    /// <param name="note">A line at the end: which command makes the page.</param>
    /// <param name="file">Name of the first page; the second of NAME.html is NAME-2.html.</param>
    /// <param name="most">Bytes of one page; a sample that is longer has one of its own.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; <see cref="Codes.ResultsMissing"/>;
    /// <see cref="Codes.ResultsCorrupt"/>.</exception>
    public static IReadOnlyList<(string Name, byte[] Content)> Write(
        IResultSource source, string name, IReadOnlyList<PoolTexts> texts, string? absence, string note, string file, int most = Most)
    {
        CommittedExperiment experiment = CommittedExperiment.Find(source, name);
        SampleFiles files = new(
            Rows(SampleTable.Csv) ?? throw Codes.ResultsMissing.With(
                $"{SampleTable.Csv.FileName} is missing", source.PathOf(name, SampleTable.Csv.FileName)),
            Rows(ProblemTable.Csv) ?? [],
            []);
        return new SamplesPage(experiment, BrowsedPool.Of(experiment, files, texts), absence, note).Pages(file, most);

        IReadOnlyList<TRow>? Rows<TRow>(CsvTable<TRow> table) => source.Read(name, table.FileName) is { } content
            ? table.Parse(content, source.PathOf(name, table.FileName))
            : null;
    }

    (string Name, byte[] Content)[] Pages(string file, int most)
    {
        SampleData data = new(pools);
        int room = Math.Max(most / LeastRoom, most - Encoding.UTF8.GetByteCount(Page(data.Write([], 0, new SamplePart()))));
        SamplePart[] parts = [.. data.Parts(room)];
        if (parts.Length > 1)
            parts = [.. data.Parts(Math.Max(most / LeastRoom, room - parts.Length * (file.Length + BytesOfPage)))];
        string[] names = [.. parts.Select((_, index) => index == 0 ? file
            : $"{Path.GetFileNameWithoutExtension(file)}-{CsvFields.Write(index + 1)}{Path.GetExtension(file)}")];
        (string, SamplePart)[] all = [.. names.Zip(parts)];
        return [.. parts.Select((part, index) => (names[index], Encoding.UTF8.GetBytes(Page(data.Write(all, index, part)))))];
    }

    string Page(string data)
    {
        int samples = pools.Sum(pool => pool.Problems.Sum(problem => problem.Samples.Count));
        int known = pools.Sum(pool => pool.Problems.Sum(problem => problem.Samples.Count(sample => sample.Text is not null)));
        string warning = known == samples ? ""
            : known == 0 ? "This page has no texts: only what samples.csv has of each sample. "
            : $"Not known: {CsvFields.Write(samples - known)} of {NumberText.Count(samples, "text")}. ";
        StringBuilder body = new();
        body.Append($"<h1>Samples of {Escaped(experiment.Name)}</h1>\n<p>{Escaped(experiment.Title)}. ")
            .Append($"{NumberText.Count(samples, "sample")} in {NumberText.Count(pools.Count, "pool")}.</p>\n");
        if (warning.Length > 0)
            body.Append($"<p class=\"warning\"><strong>Note.</strong> {Escaped(warning + absence)}</p>\n");
        body.Append("<noscript><p class=\"warning\">The page needs its script, which this program does not run.</p></noscript>\n")
            .Append("<form id=\"filters\"></form>\n<div id=\"view\"></div>\n")
            .Append($"<script type=\"application/json\" id=\"data\">{data}</script>\n");
        return HtmlPage.Write(
            $"Samples of {experiment.Name}", body.ToString(), note, Resources.Text("Pages/SamplesPage.css"),
            Resources.Text("Pages/SamplesPage.js"));
    }

    static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
