using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harness.Pools;
using Harness.Tests.Reports.Fakes;

namespace Harness.Tests.Pages;

/// <summary>What pages of samples hold. How they behave in a browser: PagesInABrowserTests.</summary>
sealed partial class SamplesPageTests
{
    string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("harness-samples-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    static JsonElement DataOf(byte[] page) => JsonDocument.Parse(Data().Match(Encoding.UTF8.GetString(page)).Groups[1].Value).RootElement;

    [Test]
    public void Every_sample_is_there_with_its_text()
    {
        SampleTexts texts = new();
        byte[] page = texts.Pages(folder, texts.Texts()).Single().Content;
        JsonElement pool = DataOf(page).GetProperty("pools")[0];
        JsonElement[] samples = [.. pool.GetProperty("samples").EnumerateArray()];
        Assert.That(samples, Has.Length.EqualTo(2 * (SampleTexts.Problems - 1) + SampleTexts.Hostile.Count));
        Assert.That(samples.Where(sample => sample[0].GetInt32() == 0).Select(sample => sample[6].GetString()),
            Is.EqualTo(SampleTexts.Shown));
        Assert.That(samples[0].GetRawText(), Does.StartWith("[0,0,1,\"length\",7,\"\\u003Cb\\u003Eanswer"));
        Assert.That(pool.GetProperty("problems")[1].GetRawText(), Is.EqualTo("[1,3,1,2,\"answer 1\",[[\"answer 1\",1],[\"wrong\",1]]]"));
        Assert.That(pool.GetProperty("asked").GetProperty("7").GetRawText(), Does.Contain("question").And.Contain("prompt 7"));
        Assert.That(texts.Pages(folder, texts.Texts()).Single().Content, Is.EqualTo(page), "the same files give the same bytes");
    }

    [Test]
    public void No_text_ends_the_script_that_holds_it()
    {
        SampleTexts texts = new();
        string page = Encoding.UTF8.GetString(texts.Pages(folder, texts.Texts()).Single().Content);
        Assert.That(Regex.Count(page, "<script"), Is.EqualTo(2));
        Assert.That(Regex.Count(page, "</script>"), Is.EqualTo(2));
        Assert.That(page, Does.Not.Contain("<img").And.Not.Contain("<b>").And.Not.Contain("<!-- ").And.Not.Contain("\u2028"));
        Assert.That(page, Does.Not.Contain("src=\"").And.Not.Contain("http").And.Not.Contain("innerHTML"));
    }

    [Test]
    public void A_page_that_would_grow_too_large_is_several_that_hold_each_sample_once()
    {
        const int Most = 48_000;
        SampleTexts texts = new();
        IReadOnlyList<(string Name, byte[] Content)> pages = texts.Pages(folder, texts.Texts(), Most);
        Assert.That(pages.Select(page => page.Name), Is.EqualTo(Enumerable.Range(1, pages.Count)
            .Select(number => number == 1 ? "page.html" : $"page-{number}.html")));
        Assert.That(pages.Count, Is.GreaterThan(2));
        Assert.That(pages.Select(page => page.Content.Length), Is.All.LessThanOrEqualTo(Most));
        JsonElement[] data = [.. pages.Select(page => DataOf(page.Content))];
        string[] all = [.. data.SelectMany(page => page.GetProperty("pools")[0].GetProperty("samples").EnumerateArray())
            .Select(sample => sample.GetRawText())];
        Assert.That(all, Is.EqualTo(DataOf(texts.Pages(folder, texts.Texts()).Single().Content).GetProperty("pools")[0]
            .GetProperty("samples").EnumerateArray().Select(sample => sample.GetRawText())));
        Assert.That(data.Select(page => page.GetProperty("page").GetInt32()), Is.EqualTo(Enumerable.Range(0, pages.Count)));
        for (int page = 0; page < pages.Count; page++)
        {
            JsonElement first = data[page].GetProperty("pools")[0].GetProperty("samples")[0], start = data[0].GetProperty("starts")[page];
            Assert.That((start[1].GetInt32(), start[2].GetInt32()), Is.EqualTo((first[0].GetInt32(), first[1].GetInt32())));
        }
    }

    [Test]
    public void Without_texts_there_are_the_rows_and_the_reason()
    {
        SampleTexts texts = new();
        byte[] page = texts.Pages(folder, [], absence: "No model.").Single().Content;
        Assert.That(Encoding.UTF8.GetString(page), Does.Contain("only what samples.csv has of each sample. No model.</p>"));
        Assert.That(DataOf(page).GetProperty("pools")[0].GetProperty("samples")[3].GetRawText(), Does.EndWith(",null]"));
    }

    [Test]
    public void A_text_of_other_tokens_than_the_committed_ones_is_left_out()
    {
        SampleTexts texts = new();
        PoolTexts pool = texts.Texts()[0];
        Dictionary<(int, int), SampleText> other = new(pool.Samples) { [(1, 0)] = new SampleText("0123456789abcdef", "of another run") };
        byte[] page = texts.Pages(folder, [pool with { Samples = other }]).Single().Content;
        Assert.That(Encoding.UTF8.GetString(page), Does.Contain("Not known: 1 of 610 texts.").And.Not.Contain("of another run"));
    }

    [Test]
    public void A_text_that_is_longer_than_anybody_reads_is_cut_and_says_so()
    {
        SampleTexts texts = new();
        PoolTexts pool = texts.Texts()[0];
        string hash = pool.Samples[(1, 0)].TokensHash;
        Dictionary<(int, int), SampleText> other = new(pool.Samples) { [(1, 0)] = new SampleText(hash, new string('x', 1_500_000)) };
        byte[] page = texts.Pages(folder, [pool with { Samples = other }]).Single().Content;
        Assert.That(page, Has.Length.LessThan(1_200_000));
        Assert.That(Encoding.UTF8.GetString(page), Does.Contain("cut here: 500,000 of 1,500,000 characters are left out"));
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Data();
}
