using System.Text.Json;
using System.Text.RegularExpressions;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Commands;

[TestFixture]
[NonParallelizable]
public sealed partial class JsonNamesTests
{
    const string Synthetic = "synthetic:llama?d=64&layers=1&heads=2&kv=1&ffn=96&vocab=50&context=64";

    /// <summary>The command that writes a value a line, as it reads a text a line.</summary>
    const string LineByLine = "answers";

    ScratchExperiment scratch = null!;

    static string Model => Path.Combine(Repository.Root, "results", "base-model", "model");

    [OneTimeSetUp]
    public void Write()
    {
        scratch = new ScratchExperiment(ScratchExperiment.Demo.Replace("model.bin", Model));
        string manifest = JsonSerializer.Serialize(scratch.Raw());
        File.WriteAllText(At("manifest.json"), manifest);
        Directory.CreateDirectory(scratch.Artifacts);
        File.WriteAllText(Path.Combine(scratch.Artifacts, "manifest.json"), manifest);
        File.WriteAllText(At("texts.jsonl"), "{\"text\": \"#### 18\", \"answer\": \"18\"}\n{\"text\": \"\", \"answer\": \"1\"}\n");
        File.WriteAllText(At("points.csv"), "k,coverage\n1,0.2\n2,0.35\n4,0.5\n8,0.7\n");
        File.WriteAllText(At("reference.json"), "{\"cases\": [{\"text\": \"sum 1\", \"ids\": [0, 0, 0]}]}");
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    /// <summary>Every command that has --json, with what it needs; a bench's own output is what throughput reads.</summary>
    static IEnumerable<string[]> Lines() =>
    [
        ["run", "MANIFEST", "--device", "cpu"], ["verify", "MANIFEST", "--device", "cpu"], ["plan", "MANIFEST", "--device", "cpu"],
        ["show", "MANIFEST", "0", "0", "--device", "cpu"], ["list"], ["list", "tasks"], ["list", "models"], ["doctor"],
        ["generate", Model, "--prompt", "sum 1", "--device", "cpu"], ["check", Model, "REFERENCE", "--device", "cpu"],
        ["bench", Synthetic, "--device", "cpu", "--prompt-tokens", "4", "--tokens", "2", "--samples", "1", "--repeats", "1"],
        ["precisions", Synthetic, "--device", "cpu", "--samples", "2", "--tokens", "2", "--texts", "1"], ["throughput", "BENCH", "BENCH"],
        ["answers", "TEXTS"], ["fit", "POINTS", "--law", "coverage", "--resamples", "10"], ["list", "laws"],
        ["compare", "RESULTS", "RESULTS"], ["gate", "quickstart"],
        ["power", "quickstart"],
        ["history", "quickstart"],
    ];

    [Test]
    public void Every_command_that_writes_JSON_is_asked_here() =>
        Assert.That(Lines().Select(line => line[0]).Distinct(), Is.EquivalentTo(
            Harness.Commands.HarnessCommandLine.CreateRoot().Subcommands.Where(
                command => command.Options.Any(option => option.Name == "--json")).Select(command => command.Name)));

    [Test]
    public void Names_are_in_snake_case()
    {
        foreach (string[] line in Lines())
        {
            if (line[0] == "history" && !Path.Exists(Path.Combine(Repository.Root, ".git")))
                continue;
            string output = CommandLine.Invoke([.. line.Select(Place), "--json"]).Output;
            string[] values = line[0] == "answers" ? output.TrimEnd().Split('\n') : [output];
            Assert.That(values, Has.All.Contain(line[0] == "answers" ? "{" : "\n  ").And.All.Not.Contain("\r"), line[0]);
            foreach (string value in values)
                Assert.That(Names(JsonDocument.Parse(value).RootElement).Where(name => !SnakeCase().IsMatch(name)), Is.Empty, line[0]);
            if (line[0] == "bench")
                File.WriteAllText(At("bench.json"), output);
        }
    }

    [Test]
    public void Numbers_without_a_form_and_letters_of_all_scripts_are_written() =>
        Assert.That(
            JsonStyle.WriteLine(new { TokensPerSecond = double.NaN, Text = "é数 <b>" }),
            Is.EqualTo("{\"tokens_per_second\":\"NaN\",\"text\":\"é数 <b>\"}"));

    string Place(string argument) => argument switch
    {
        "MANIFEST" => At("manifest.json"),
        "REFERENCE" => At("reference.json"),
        "BENCH" => At("bench.json"),
        "TEXTS" => At("texts.jsonl"),
        "POINTS" => At("points.csv"),
        "RESULTS" => Path.Combine(Repository.Root, "results"),
        _ => argument,
    };

    string At(string name) => Path.Combine(scratch.Root, name);

    static IEnumerable<string> Names(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Names(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Names),
        _ => [],
    };

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
