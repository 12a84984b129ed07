using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Commands;

/// <summary>What the commands say of an experiment whose pools are replayed.</summary>
[TestFixture]
[NonParallelizable]
public sealed class RecordedCommandsTests
{
    const string Demo = """
        <Project>
          <ItemGroup>
            <Pool Include="logged" Recorded="log.csv" Format="csv" Problems="2" Samples="2" />
            <Strategy Include="coverage" Pool="logged" Multipliers="1;2" />
          </ItemGroup>
        </Project>
        """;

    ScratchExperiment scratch = null!;

    string Manifest => Path.Combine(scratch.Root, "manifest.json");

    [SetUp]
    public void Create()
    {
        scratch = new ScratchExperiment(Demo);
        File.WriteAllText(scratch.Result("log.csv"), "problem,correct,text,answer\n0,1,first,a\n0,0,second,b\n1,0,third,\n1,1,,d\n");
        File.WriteAllText(Manifest, JsonSerializer.Serialize(scratch.Raw()));
        Assert.That(CommandLine.Invoke("run", Manifest).Status, Is.Zero);
    }

    [TearDown]
    public void Remove() => scratch.Dispose();

    [Test]
    public void A_recorded_sample_is_shown_with_its_text_and_answer()
    {
        Assert.That(Output("show", Manifest, "0", "1").Trim().ReplaceLineEndings("\n"), Is.EqualTo(
            "--- pool logged, problem 0, sample 1 ---\nsecond\nanswer: b (wrong), recorded"));
        JsonNode shown = JsonNode.Parse(Output("show", Manifest, "1", "1", "--json"))!;
        Assert.That(((string?)shown["text"], (string?)shown["answer"], (bool)shown["correct"]!), Is.EqualTo(((string?)null, "d", true)));
        string[] wrong = Output("show", Manifest, "--all-wrong", "--jsonl").Trim().Split('\n');
        Assert.That(wrong.Select(line => (string?)JsonNode.Parse(line)!["text"]), Is.EqualTo(new[] { "second", "third" }));
        Assert.That(CommandLine.Invoke("show", Manifest, "2", "0").Error, Does.Contain("HRN0505").And.Contain("problems 0 to 1"));
    }

    [Test]
    public void A_plan_replays_and_generates_nothing()
    {
        Assert.That(Output("plan", Manifest), Does.Contain("up to date; made again it would replay 4 samples")
            .And.Contain("logged: 2 problems of log.csv, 2 samples each").And.Contain("nothing is generated"));
        Assert.That((int)JsonNode.Parse(Output("plan", Manifest, "--json"))!["samples"]!, Is.EqualTo(4));
    }

    [Test]
    public void Without_the_file_a_run_is_up_to_date_and_only_rebuilding_and_verifying_warn()
    {
        Dictionary<string, byte[]> before = scratch.Results();
        before.Remove("log.csv");
        File.Delete(scratch.Result("log.csv"));

        Assert.That(Output("run", Manifest), Does.Contain("up to date; nothing could be replayed here").And.Not.Contain("warning"));
        foreach (string[] command in new string[][] { ["run", Manifest, "--rebuild"], ["verify", Manifest] })
            Assert.That(Output(command), Does.Match(@"demo\.proj\(3,\d+\): warning HRN0506: demo is skipped: .*log\.csv"));
        Assert.That(scratch.Results(), Is.EquivalentTo(before));
    }

    static string Output(params string[] arguments)
    {
        (int status, string output, string error) = CommandLine.Invoke(arguments);
        Assert.That(status, Is.Zero, error);
        return output;
    }
}
