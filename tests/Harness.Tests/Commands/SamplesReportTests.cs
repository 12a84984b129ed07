using System.Text.Json;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Commands;

/// <summary>harness report --samples as a shell runs it.</summary>
[TestFixture]
[NonParallelizable]
sealed class SamplesReportTests
{
    const string Recorded = """
        <Project>
          <ItemGroup>
            <Pool Include="logged" Recorded="log.csv" Format="csv" Problems="2" Samples="2" />
            <Strategy Include="coverage" Pool="logged" Multipliers="1;2" />
          </ItemGroup>
        </Project>
        """;

    readonly string here = Environment.CurrentDirectory;
    ScratchExperiment scratch = null!;

    string Manifest => Path.Combine(scratch.Root, "manifest.json");

    string Page => Path.Combine(scratch.Root, "samples.html");

    void Run(string xml, string? log = null)
    {
        scratch = new ScratchExperiment(xml);
        if (log is not null)
            File.WriteAllText(scratch.Result("log.csv"), log);
        File.WriteAllText(Manifest, JsonSerializer.Serialize(scratch.Raw()));
        Environment.CurrentDirectory = scratch.Root;
        Assert.That(CommandLine.Invoke("run", Manifest).Status, Is.Zero);
    }

    string Report(params string[] more)
    {
        (int status, string output, string error) = CommandLine.Invoke(["report", "--samples", Manifest, "--html", Page, .. more]);
        Assert.That(status, Is.Zero, error);
        return output;
    }

    [TearDown]
    public void TearDown()
    {
        Environment.CurrentDirectory = here;
        scratch.Dispose();
    }

    [Test]
    public void Texts_are_kept_ones_and_those_that_are_not_are_drawn_again()
    {
        Run(ScratchExperiment.Demo.Replace("model.bin", Path.Combine(Repository.Root, "results", "base-model", "model")));
        Assert.That(Report(), Does.Contain("samples of demo, 30 texts, ").And.Not.Contain("drawn again"));
        string page = File.ReadAllText(Page);
        Directory.Delete(scratch.Artifacts, recursive: true);
        Assert.That(Report("--kept"), Does.Contain("samples of demo, 0 texts, "));
        Assert.That(File.ReadAllText(Page),
            Does.Contain("This page has no texts").And.Contain("Texts were not kept where this page was made."));
        Assert.That(Report(), Does.Contain("30 texts are not kept here; their samples are drawn again, once"));
        Assert.That(File.ReadAllText(Page), Is.EqualTo(page));
        Assert.That(Report("--kept"), Does.Contain("samples of demo, 30 texts, "));
    }

    [Test]
    public void A_recording_gives_the_texts_that_it_has_and_without_it_the_page_says_so()
    {
        Run(Recorded, "problem,correct,text,answer\n0,1,first,a\n0,0,second,b\n1,0,third,\n1,1,,d\n");
        Assert.That(Report(), Does.Contain("samples of demo, 3 texts, "));
        Assert.That(File.ReadAllText(Page), Does.Contain("\"second\"]").And.Contain("Not known: 1 of 4 texts."));
        File.Delete(scratch.Result("log.csv"));
        Assert.That(Report(), Does.Contain("demo: no texts: ").And.Contain("log.csv"));
        Assert.That(File.ReadAllText(Page), Does.Contain("The model or the data that texts need was not there where this page was made.")
            .And.Contain("[0,1,0,\"\",null,\"b\",null]").And.Not.Contain(scratch.Root));
    }
}
