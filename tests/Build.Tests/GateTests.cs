using System.Text.Json;

namespace Build.Tests;

/// <summary>Gates where people meet them: in a build, on the command line, in a workflow.</summary>
public sealed class GateTests
{
    const string End = "  </ItemGroup>";

    ScratchRepository scratch = null!;

    [OneTimeSetUp]
    public void BuildOnce()
    {
        scratch = new ScratchRepository();
        scratch.Write("own", Manifests.Sums);
        scratch.Build("own").Succeeded();
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    /// <summary>Three tokens are fewer than any thought has; of four problems no accuracy is known well.</summary>
    static string Gate(string verdict, string more = "") => verdict switch
    {
        "passes" => $"""<Gate Include="short" Metric="tokens" Pool="think" Strategy="majority-vote" Max="9999"{more} />""",
        "fails" => $"""<Gate Include="short" Metric="tokens" Pool="think" Strategy="majority-vote" Max="3"{more} />""",
        _ => $"""<Gate Include="short" Metric="accuracy" Pool="think" Strategy="majority-vote" Max="0.93"{more} />""",
    };

    void Write(params string[] gates)
    {
        string text = Manifests.Sums.Replace(End, string.Concat(gates.Select(gate => $"    {gate}\n")) + End);
        File.WriteAllText(scratch.Results("own", "own.proj"), text);
    }

    int LineOf(string gate) => File.ReadAllText(scratch.Results("own", "own.proj")).Split(gate)[0].Count(letter => letter == '\n') + 1;

    [Test]
    public void A_gate_that_passes_is_counted()
    {
        Write(Gate("passes"));
        BuildOutcome outcome = scratch.Build("own").Succeeded();
        Assert.That(outcome.Output, Does.Contain("own: 1 gate: 1 passes"));
        Assert.That(outcome.SaysUpToDate, "a gate makes nothing stale");
    }

    [Test]
    public void A_gate_that_fails_is_the_build_s_error_at_its_line()
    {
        Write(Gate("passes").Replace("short", "long"), Gate("fails"));
        LoggedDiagnostic error = scratch.Build("own").Failed();
        Assert.That((error.Code, error.Line, Path.GetFileName(error.File)), Is.EqualTo(("HRN0519", LineOf(Gate("fails")), "own.proj")));
        Assert.That(error.Text, Does.StartWith("gate 'short' fails: tokens of majority-vote@4 over think is ").And.Contain("at most 3"));
    }

    [TestCase("", "", 0, "warning HRN0520"), TestCase(" Strict=\"true\"", "", 1, "error HRN0519")]
    [TestCase("", "-p:Strict=true", 1, "error HRN0519")]
    public void One_that_cannot_tell_is_a_warning_unless_it_must(string attribute, string property, int status, string line)
    {
        Write(Gate("cannot tell", attribute));
        BuildOutcome outcome = scratch.Build("own", property.Length > 0 ? [property] : []);
        Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.Output);
        LoggedDiagnostic said = outcome.Diagnostics.Single();
        Assert.That($"{said.Kind} {said.Code}", Is.EqualTo(line));
        Assert.That(said.Text, Does.Contain("problems would tell"));
    }

    [TestCase("passes", 0, "pass"), TestCase("fails", 1, "fail"), TestCase("cannot tell", 3, "cannot tell")]
    public void The_command_ends_with_a_status_for_each_verdict(string verdict, int status, string name)
    {
        Write(Gate("passes").Replace("short", "other"), Gate(verdict));
        BuildOutcome outcome = scratch.Run("gate", "own", "--json");
        Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.Output);
        JsonElement[] gates = [.. JsonDocument.Parse(outcome.Output).RootElement.EnumerateArray()];
        Assert.That(gates.Select(gate => (gate.GetProperty("gate").GetString(), gate.GetProperty("verdict").GetString())),
            Is.EqualTo(new[] { ("other", "pass"), ("short", name) }));
    }

    /// <summary>A folder of results is named from where the command is typed.</summary>
    [Test]
    public void A_baseline_may_be_a_folder_that_lies_here()
    {
        Write("""<Gate Include="g" Metric="tokens" Pool="think" Strategy="majority-vote" MaxRegression="5%" />""");
        string copies = Directory.CreateDirectory(Path.Combine(scratch.Root, "copies", "before", "own")).FullName;
        foreach (string file in Directory.EnumerateFiles(scratch.Results("own")))
            File.Copy(file, Path.Combine(copies, Path.GetFileName(file)), overwrite: true);
        foreach (string baseline in (string[])["before", "./before"])
        {
            BuildOutcome outcome = scratch.RunIn(
                Path.Combine(scratch.Root, "copies"), "gate", scratch.Results("own"), "--baseline", baseline);
            Assert.That((outcome.ExitCode, outcome.Output.Contains("(+0 %)")), Is.EqualTo((0, true)), outcome.Output);
        }
    }

    [Test]
    public void What_the_manifest_gets_wrong_is_status_2()
    {
        Write(Gate("passes").Replace("Max=", "Mux="));
        BuildOutcome outcome = scratch.Run("gate");
        Assert.That((outcome.ExitCode, outcome.Output.Contains("HRN0003")), Is.EqualTo((2, true)), outcome.Output);
    }

    /// <summary>The manifest asks for other samples than those that are committed; the model is not needed to see it.</summary>
    [TestCase(false, 3, "cannot tell"), TestCase(true, 1, "fail")]
    public void Results_of_another_manifest_are_a_warning_and_no_gate_tells(bool isStrict, int status, string verdict)
    {
        Write(Gate("passes"));
        string project = scratch.Results("own", "own.proj"), model = scratch.Results("own", "model");
        File.WriteAllText(project, File.ReadAllText(project).Replace("<Seed>1</Seed>", "<Seed>2</Seed>"));
        Directory.Move(model, model + "-aside");
        try
        {
            BuildOutcome outcome = scratch.Run(isStrict ? ["gate", "own", "--strict"] : ["gate", "own"]);
            Assert.That(outcome.ExitCode, Is.EqualTo(status), outcome.Output);
            Assert.That(outcome.Output, Does.Contain("warning HRN0521: the results of own are stale, and its gates cannot tell: "
                + "manifest.seed was 1, is 2").And.Contain("`dotnet build results/own` first"));
            Assert.That(outcome.Output.Split("HRN0521"), Has.Length.EqualTo(2), "once");
            Assert.That(outcome.Output, Does.Contain(verdict));
        }
        finally
        {
            Directory.Move(model + "-aside", model);
        }
    }

    [Test]
    public void In_a_workflow_each_is_annotated_at_its_line_and_all_are_in_the_summary()
    {
        Write(Gate("cannot tell"), Gate("fails").Replace("short", "long"));
        string summary = Path.Combine(scratch.Root, "summary.md");
        BuildOutcome outcome = scratch.RunWith(
            new Dictionary<string, string>
            {
                ["GITHUB_ACTIONS"] = "true",
                ["GITHUB_WORKSPACE"] = scratch.Root,
                ["GITHUB_STEP_SUMMARY"] = summary,
            },
            "gate", "--markdown");
        int line = LineOf(Gate("cannot tell"));
        Assert.That(outcome.Output, Does.Contain($"::warning file=results/own/own.proj,line={line},col=11,title=HRN0520::gate 'short' "));
        Assert.That(outcome.Output, Does.Contain($"::error file=results/own/own.proj,line={line + 1},col=11,title=HRN0519::gate 'long' "));
        Assert.That(File.ReadAllText(summary), Does.Contain("| own | long | fails |").And.Contain("| own | short | cannot tell |"));
        Assert.That(outcome.ExitCode, Is.EqualTo(1));
    }
}
