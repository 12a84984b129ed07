using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Tasks;

namespace Harness.Tests.Experiments;

/// <summary>Experiments whose pools are replayed from files, from the manifest to what is committed.</summary>
[TestFixture]
sealed class RecordedExperimentTests
{
    const string Bare = "problem,correct\n0,1\n0,0\n1,0\n1,0\n2,1\n2,1\n";

    const string Demo = """
        <Project>
          <ItemGroup>
            <Pool Include="logged" Recorded="log.csv" Format="csv" Problems="3" Samples="2" />
            <Strategy Include="single" Pool="logged" />
            <Strategy Include="coverage" Pool="logged" Multipliers="1;2" />
          </ItemGroup>
        </Project>
        """;

    ScratchExperiment scratch = null!;

    [TearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void What_the_recording_does_not_state_is_empty_in_every_table_and_drawn_nowhere()
    {
        Start(Demo, Bare);
        Run();

        Assert.That(Lines("samples.csv")[1], Is.EqualTo("logged,0,0,0,,,,,1,,"));
        Assert.That(Row("accuracy.csv", 1, "cut_off", "no_answer", "prompt_tokens", "generated_tokens", "critical_tokens", "flops",
            "prompt_flops", "generated_flops"), Is.All.Empty);
        Assert.That(Row("accuracy.csv", 3, "strategy", "multiplier", "accuracy", "upper_bound"),
            Is.EqualTo(new[] { "coverage", "2", "0.666667", "1" }));
        Assert.That(Row("recorded.csv", 1, "right", "checked"), Is.EqualTo(new[] { "3", "0" }));
        Assert.That(scratch.Result("accuracy-flops.svg"), Does.Not.Exist);
        Assert.That(File.ReadAllText(scratch.Result("coverage.svg")), Does.Contain("Recorded: log.csv"));
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.Contain("Recorded in `log.csv` (csv)")
            .And.Contain("does not state tokens of prompts, tokens of answers, log-probabilities, how samples ended, answers")
            .And.Not.Contain("w8a8"));
        string run = File.ReadAllText(scratch.Result("run.json"));
        Assert.That(run, Does.Contain(Hashes.OfFile(scratch.Result("log.csv"))).And.Not.Contain("precision").And.Not.Contain("numerics"));
    }

    [Test]
    public void What_the_recording_states_is_used()
    {
        Start(Demo.Replace("<Strategy Include=\"single\"", """
            <Strategy Include="weighted-vote" Pool="logged" Multipliers="2" />
            <Strategy Include="single"
            """), "problem,correct,answer,tokens,logprob\n0,1,a,4,-1\n0,0,b,6,-8\n1,1,c,1,-1\n1,0,d,1,-2\n2,1,e,2,-1\n2,1,e,2,-1\n");
        Run();

        Assert.That(Lines("samples.csv")[2], Is.EqualTo("logged,0,1,0,,6,,b,0,-8,"));
        Assert.That(Row("accuracy.csv", 1, "strategy", "accuracy", "no_answer", "generated_tokens", "prompt_tokens", "flops"),
            Is.EqualTo(new[] { "weighted-vote", "1", "0", "5.33333", "", "" }));
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.Contain("at 2.0 times the samples"),
            "tokens of the prompt are unknown, and with them what an answer costs in tokens");
    }

    [Test]
    public void A_clone_without_the_file_is_up_to_date_and_analyses_anew_but_cannot_replay()
    {
        Start(Demo, Bare);
        Run();
        File.Delete(scratch.Result("log.csv"));

        Assert.That(Run(), Does.Contain("up to date").And.Contain("log.csv is at none of"));
        scratch.Write(Demo.Replace("1;2", "2"));
        Assert.That(Run(), Does.Contain("no samples to generate"));
        Assert.That(Lines("accuracy.csv"), Has.Length.EqualTo(3));
        Assert.That(AbsentInputs.Of(Assert.Throws<HarnessException>(() => Run(rebuild: true))!), Is.Not.Null);
        Assert.That(AbsentInputs.Of(Assert.Throws<HarnessException>(() => Verify())!), Is.Not.Null);
        scratch.Write(Demo.Replace("Problems=\"3\"", "Problems=\"2\""));
        Expect.Failure(Codes.DataNotFound, () => Run());
    }

    [Test]
    public void Another_content_of_the_file_is_stale_and_another_place_is_not()
    {
        Start(Demo, Bare);
        Run();
        Directory.CreateDirectory(Path.Combine(scratch.Root, "data"));
        File.Move(scratch.Result("log.csv"), Path.Combine(scratch.Root, "data", "log.csv"));
        Assert.That(Run(), Does.Contain("up to date"));
        File.WriteAllText(scratch.Result("log.csv"), Bare.Replace("1,0\n2", "1,1\n2"));

        Assert.That(Run(), Does.Contain("6 recorded samples replayed: inputs.pools.logged.recorded was"));
        Assert.That(Row("accuracy.csv", 3, "accuracy"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public void An_absolute_path_is_no_part_of_the_results()
    {
        Start(Demo, Bare);
        Run();
        Dictionary<string, byte[]> relative = scratch.Results();
        scratch.Write(Demo.Replace("log.csv", scratch.Result("log.csv")));
        Assert.That(Run(), Does.Contain("up to date"));
        Run(rebuild: true);
        Assert.That(scratch.Results(), Is.EquivalentTo(relative));
        File.Delete(scratch.Result("log.csv"));
        Assert.That(Run(), Does.Contain("up to date"), "nor where the file is absent");
    }

    [Test]
    public void Verifying_replays_and_names_the_first_row_that_differs()
    {
        Start(Demo, Bare);
        Run();
        Assert.That(Verify(), Is.Empty);
        string samples = File.ReadAllText(scratch.Result("samples.csv"));
        File.WriteAllText(scratch.Result("samples.csv"), samples.Replace("1,1,0,,,,,0", "1,1,0,,,,,1"));

        HarnessException difference = Verify().First(one => Path.GetFileName(one.File) == "samples.csv");
        Assert.That((difference.Diagnostic, difference.Line), Is.EqualTo((Codes.ResultsDiffer, 5)));
    }

    [Test]
    public void Two_recordings_of_the_same_problems_are_compared()
    {
        Start(Demo.Replace("<Strategy Include=\"single\" Pool=\"logged\" />", """
            <Pool Include="later" Recorded="later.jsonl" Format="jsonl" Problems="3" Samples="1" />
            <Strategy Include="single" Pool="logged" />
            <Strategy Include="single" Pool="later" />
            """), Bare);
        File.WriteAllText(scratch.Result("later.jsonl"), string.Concat(Enumerable.Range(0, 3).Select(problem =>
            $"{{\"problem\": {problem}, \"correct\": true}}\n")));
        Run();

        Assert.That(Row("comparisons.csv", 1, "first_pool", "second_pool", "first_accuracy", "second_accuracy", "problems"),
            Is.EqualTo(new[] { "logged", "later", "0.5", "1", "3" }));
    }

    [Test]
    public void The_task_judges_again_and_its_disagreements_are_counted()
    {
        const string asked = "Task=\"jsonl\" Data=\"questions.jsonl\" Comparison=\"numeric\" FirstProblem=\"1\" Problems=\"2\"";
        Start(Demo.Replace("Problems=\"3\"", asked),
            "problem,correct,text\n1,1,#### 4\n1,1,#### 5\n2,0,#### 6\n2,0,none\n0,1,not replayed\n");
        File.WriteAllText(scratch.Result("questions.jsonl"),
            "{\"question\": \"0\", \"answer\": 0}\n{\"question\": \"4\", \"answer\": 4}\n{\"question\": \"6\", \"answer\": 6}\n");
        Run();

        Assert.That(Row("recorded.csv", 1, "right", "checked", "only_recorded", "only_checked", "first_disagreement"),
            Is.EqualTo(new[] { "2", "4", "1", "1", "0:1" }));
        Assert.That(Lines("samples.csv")[2..4], Is.EqualTo(new[] { "logged,0,1,0,,,,5,1,,", "logged,1,0,0,,,,6,0,," }),
            "the recording's word stands, beside the answer that the task reads");
        Assert.That(Lines("problems.csv")[2], Is.EqualTo("logged,1,6"));
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.Contain("problems 1 to 2 of the file")
            .And.Contain("disagrees with the recording on 2: 1 are right by the recording alone, 1 by the task alone"));
    }

    [Test]
    public void The_task_decides_where_the_recording_does_not_say()
    {
        Start(Demo.Replace("Problems=\"3\"", "Task=\"sum\" Difficulty=\"2\" Problems=\"1\""), "problem,answer\n0,x\n0,y\n");
        string right = scratch.Resolve(Host).Tasks[0].Problems[0].Answer;
        File.WriteAllText(scratch.Result("log.csv"), $"problem,answer\n0,x\n0,{right}\n");
        Run();

        Assert.That(Row("recorded.csv", 1, "right", "checked"), Is.EqualTo(new[] { "", "2" }));
        Assert.That(Lines("samples.csv")[1..], Is.EqualTo(new[] { "logged,0,0,2,,,,x,0,,", $"logged,0,1,2,,,,{right},1,," }));
    }

    [Test]
    public void A_recording_that_says_nothing_of_right_and_wrong_is_refused()
    {
        Start(Demo, Bare.Replace("correct", "verdict"));
        HarnessException bad = Expect.Failure(Codes.DataCorrupt, () => Run());
        Assert.That((bad.File, bad.Line), Is.EqualTo((scratch.Result("log.csv"), 2)));
        Assert.That(bad.Message, Does.Contain("no field that says whether it is right"));
    }

    [TestCase("<Strategy Include=\"majority-vote\" Pool=\"logged\" />", "strategy 'majority-vote' counts equal answers")]
    [TestCase("<Strategy Include=\"best-of-n\" Pool=\"logged\" />", "verifier 'mean-logprob' of strategy 'best-of-n' reads tokens")]
    public void What_a_strategy_reads_must_be_recorded(string strategy, string message)
    {
        Start(Demo.Replace("<Strategy Include=\"single\"", strategy + "<Strategy Include=\"single\""), Bare);
        HarnessException lacks = Expect.Failure(Codes.RecordingLacks, () => Run());
        Assert.That((lacks.File, lacks.Line), Is.EqualTo((scratch.Project, 3)));
        Assert.That(lacks.Message, Does.StartWith("pool 'logged': ").And.Contain(message));
        Assert.That(scratch.Result("run.json"), Does.Not.Exist);
    }

    [Test]
    public void A_checker_needs_the_texts_and_gives_its_rewards()
    {
        string demo = Demo.Replace("Problems=\"3\"", "Task=\"countdown\" Difficulty=\"3\" Problems=\"1\"")
            .Replace("<Strategy Include=\"single\"", "<Strategy Include=\"best-of-n\" Verifier=\"exact-checker\" Pool=\"logged\" "
                + "Multipliers=\"2\" /><Strategy Include=\"single\"");
        Start(demo, "problem,correct\n0,1\n0,0\n");
        Assert.That(Expect.Failure(Codes.RecordingLacks, () => Run()).Message, Does.Contain("reads texts"));
        string right = scratch.Resolve(Host).Tasks[0].Problems[0].Answer;
        File.WriteAllText(scratch.Result("log.csv"), $"problem,text\n0,{right}\n0,# 1\n");
        Run();

        Assert.That(Lines("rewards.csv")[1..], Is.EqualTo(new[] { "logged,0,0,exact-checker,1,,,0", "logged,0,1,exact-checker,0,,,0" }));
        Assert.That(Row("accuracy.csv", 1, "strategy", "accuracy"), Is.EqualTo(new[] { "best-of-n", "1" }));
    }

    [TestCase("Format=\"csv\"", "", "HRN0008", "the recorded pool has no Format; expected one of samples, csv, jsonl, tree-of-thoughts")]
    [TestCase("Format=\"csv\"", "Format=\"cvs\"", "HRN0007", "Format of pool 'logged' is 'cvs'; expected one of samples, csv, jsonl")]
    [TestCase("Recorded=\"log.csv\"", "Task=\"sum\"", "HRN0007", "Format belongs to a recorded pool: name its file with Recorded")]
    [TestCase("Format=\"csv\"", "Format=\"csv\" MaxTokens=\"9\"", "HRN0007", "MaxTokens says how samples are generated")]
    [TestCase("Format=\"csv\"", "Format=\"csv\" RecordedPool=\"a\"", "HRN0007", "RecordedPool names a pool of the file")]
    [TestCase("Format=\"csv\"", "Format=\"samples\" TextField=\"a\"", "HRN0007", "TextField names a field")]
    [TestCase("<Strategy Include=\"single\"",
        "<Pool Include=\"b\" Task=\"sum\" Problems=\"3\" Samples=\"1\" /><Strategy Include=\"single\"", "HRN0019",
        "pool 'logged' is recorded and pool 'b' is not")]
    [TestCase("<ItemGroup>", "<PropertyGroup><Model>m</Model></PropertyGroup><ItemGroup>", "HRN0007", "Model is stated")]
    [TestCase("<ItemGroup>", "<PropertyGroup><Engine>kernels</Engine></PropertyGroup><ItemGroup>", "HRN0017",
        "engine 'kernels' generates, and the pools are recorded")]
    [TestCase("\"single\"", "\"greedy\"", "HRN0007", "needs a pool at Temperature 0; 'logged' states none")]
    public void A_wrong_manifest_is_refused_by_name(string right, string wrong, string code, string message)
    {
        Start(Demo.Replace(right, wrong), Bare);
        IReadOnlyList<HarnessException> mistakes = ManifestReader.Draft(scratch.Raw(), Registered.All).Mistakes.All;
        Assert.That(mistakes.Select(mistake => mistake.Diagnostic.Code), Has.Member(code));
        Assert.That(mistakes.Select(mistake => mistake.Message), Has.Some.Contain(message));
    }

    [Test]
    public void Nothing_is_generated_so_that_no_throughput_is_recorded()
    {
        Start(Demo, Bare);
        using StringWriter output = new();
        using (RunConsole console = new(output, live: false))
            new ExperimentRun(scratch.Resolve(Host, new() { ["Record"] = "true" }), console, new RunOptions()).Execute(default);
        Assert.That(output.ToString(), Does.Contain("no throughput to record").And.Contain("6 recorded samples replayed"));
        Assert.That(scratch.Result("machines"), Does.Not.Exist);
    }

    [Test]
    public void An_engine_that_replays_needs_a_recording()
    {
        Start(ScratchExperiment.Demo.Replace("<Seed>", "<Engine>recorded</Engine><Seed>"), Bare);
        HarnessException replays = ManifestReader.Draft(scratch.Raw(), Registered.All).Mistakes.All.Single();
        Assert.That((replays.Diagnostic, replays.Message), Is.EqualTo(
            (Codes.EngineUnable, "engine 'recorded' replays recorded samples, and no pool names a file with Recorded")));
    }

    [Test]
    public void A_temperature_of_0_makes_the_recording_a_greedy_one()
    {
        Start(Demo.Replace("Format", "Temperature=\"0\" Format").Replace("\"single\"", "\"greedy\""), Bare);
        Run();
        Assert.That(Row("accuracy.csv", 1, "strategy", "accuracy"), Is.EqualTo(new[] { "greedy", "0.666667" }));
    }

    [Test]
    public void The_samples_of_another_experiment_replay_as_they_are()
    {
        using ScratchExperiment origin = new();
        origin.Run(new ScriptedEngine());
        Start("""
            <Project>
              <ItemGroup>
                <Pool Include="sums" Recorded="log.csv" Format="samples" Problems="6" Samples="4" />
                <Strategy Include="majority-vote" Pool="sums" Multipliers="1;2;4" />
              </ItemGroup>
            </Project>
            """, File.ReadAllText(origin.Result("samples.csv")));
        Run();
        string[] original = [.. File.ReadAllLines(origin.Result("samples.csv"))
            .Where(line => !line.StartsWith("greedy", StringComparison.Ordinal))];
        Assert.That(Lines("samples.csv"), Is.EqualTo(original));
        Assert.That(Row("accuracy.csv", 3, "accuracy"), Is.EqualTo(Cells(origin.Result("accuracy.csv"), 3, "accuracy")));
    }

    static ScriptedEngine Host => new() { IsDefault = false };

    void Start(string xml, string log)
    {
        scratch = new ScratchExperiment(xml);
        File.WriteAllText(scratch.Result("log.csv"), log);
    }

    string Run(bool rebuild = false) => scratch.Run(Host, rebuild);

    IReadOnlyList<HarnessException> Verify()
    {
        using RunConsole console = new(TextWriter.Null, live: false);
        return new ExperimentVerify(scratch.Resolve(Host), console, fraction: 1).Execute(default);
    }

    string[] Lines(string file) => File.ReadAllLines(scratch.Result(file));

    string[] Row(string file, int line, params string[] columns) => Cells(scratch.Result(file), line, columns);

    /// <summary>Cells of a line; what is quoted may hold commas.</summary>
    static string[] Cells(string path, int line, params string[] columns)
    {
        string[] lines = File.ReadAllLines(path), header = lines[0].Split(',');
        string[] cells = [.. Regex.Replace(lines[line], "\"[^\"]*\"", "quoted").Split(',')];
        return [.. columns.Select(column => cells[Array.IndexOf(header, column)])];
    }
}
