using System.Globalization;
using System.Text.Json;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Commands;

/// <summary>harness compare as a shell runs it.</summary>
[TestFixture]
[NonParallelizable]
sealed class CompareCommandTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("greedy", ResultFiles.Repeat((20, "0"))), ("think", "10 11"));

    ScratchRepository repository = null!;
    string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Environment.CurrentDirectory;
        repository = new ScratchRepository();
        repository.Commit(Demo);
        repository.Git("tag", "judged");
        repository.Commit(Demo.With("think", 0, 1, row => row with { Answer = "answer 0", Correct = 1 }));
        repository.Commit(Demo.Answering("greedy", ResultFiles.Repeat((10, "1"), (10, "0"))));
        Environment.CurrentDirectory = repository.Root;
    }

    [TearDown]
    public void TearDown()
    {
        Environment.CurrentDirectory = folder;
        repository.Dispose();
    }

    [Test]
    public void A_comparison_succeeds_whatever_moved()
    {
        (int status, string output, string error) = CommandLine.Invoke("compare", "judged", "HEAD");
        Assert.That((status, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("1 experiment compared: 1 moved (demo: tokens moved)"));
    }

    [Test]
    public void Drawing_again_says_why_it_can_t_and_what_else_moved()
    {
        (int status, string output, string error) = CommandLine.Invoke("compare", "HEAD~1", "HEAD", "--regenerate", "--markdown");
        Assert.That((status, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("Made by `harness compare HEAD~1 HEAD --regenerate` from committed files and both programs."));
        string commit = repository.Git("rev-parse", "HEAD~1")[..7];
        Assert.That(output, Does.Contain(
            $"\nNothing was drawn again: HEAD~1 ({commit}) has no program: there is no folder harness/ in it.\n"));
        Assert.That(output, Does.Contain("## demo: tokens moved"));
        using JsonDocument json = JsonDocument.Parse(CommandLine.Invoke("compare", "HEAD", "HEAD", "--regenerate", "--json").Output);
        Assert.That(json.RootElement.GetProperty("not_regenerated").GetString(),
            Is.EqualTo("no sample that both sides have differs in its tokens"));
        Assert.That(repository.Git("worktree", "list").Split('\n'), Has.Length.EqualTo(1));
    }

    /// <summary>Known before anything is built.</summary>
    [Test]
    public void A_folder_can_t_be_drawn_again()
    {
        (int status, _, string error) = CommandLine.Invoke("compare", "HEAD~1", "./results", "--regenerate");
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error, Does.Contain("HRN0512").And.Contain("it has no program to run"));
    }

    [TestCase("judged", "HEAD", 1), TestCase("judged", "HEAD~1", 0), TestCase("HEAD", ".", 0)]
    public void Moved_tokens_and_changed_accuracies_fail_where_that_is_asked(string before, string after, int expected) =>
        Assert.That(CommandLine.Invoke("compare", before, after, "--fail-on-change").Status, Is.EqualTo(expected));

    [Test]
    public void A_page_for_a_pull_request_is_appended_to_the_step_s_summary()
    {
        string summary = repository.Beside("summary.md");
        File.WriteAllText(summary, "before\n");
        string? set = Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY");
        Environment.SetEnvironmentVariable("GITHUB_STEP_SUMMARY", summary);
        try
        {
            (int status, string output, _) = CommandLine.Invoke("compare", "judged", "HEAD", "--markdown");
            Assert.That(status, Is.Zero);
            Assert.That(output, Does.StartWith("# A: judged (").And.Contain("Made by `harness compare judged HEAD`"));
            Assert.That(output, Does.Contain("\n## demo: tokens moved\n"));
            Assert.That(output, Does.Contain("| demo | greedy | single | 1x | 20 | 0.000 | 0.500 |"));
            Assert.That(File.ReadAllText(summary), Is.EqualTo("before\n" + output));
            CommandLine.Invoke("compare", "judged", "HEAD");
            Assert.That(File.ReadAllText(summary), Is.EqualTo("before\n" + output), "only with --markdown");
        }
        finally
        {
            Environment.SetEnvironmentVariable("GITHUB_STEP_SUMMARY", set);
        }
    }

    [Test]
    public void Json_has_every_row_and_what_moved()
    {
        JsonElement comparison = JsonDocument.Parse(CommandLine.Invoke("compare", "judged", "HEAD", "--json").Output).RootElement;
        Assert.That(comparison.GetProperty("changed").GetBoolean(), Is.True);
        Assert.That(comparison.GetProperty("before").GetProperty("commit").GetString(), Is.EqualTo(repository.Git("rev-parse", "judged")));
        JsonElement demo = comparison.GetProperty("experiments")[0];
        Assert.That((demo.GetProperty("name").GetString(), demo.GetProperty("moved").GetString()), Is.EqualTo(("demo", "tokens")));
        JsonElement tokens = demo.GetProperty("pools")[0].GetProperty("tokens");
        Assert.That((tokens.GetProperty("count").GetInt32(), tokens.GetProperty("first").GetArrayLength()), Is.EqualTo((10, 10)));
        Assert.That(demo.GetProperty("accuracy").EnumerateArray().Select(row => row.GetProperty("verdict").GetString()),
            Is.EqualTo(new[] { "changed", "identical", "identical" }));
        JsonElement moved = comparison.GetProperty("moved_rows")[0];
        Assert.That(moved.GetProperty("difference").GetDouble(), Is.EqualTo(0.5));
        Assert.That(moved.GetProperty("p_value").GetDouble(), Is.EqualTo(2 / 1024.0).Within(1e-12));
        Assert.That(demo.GetProperty("accuracy")[1].GetProperty("p_value").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void Plots_and_a_page_that_holds_them_are_written()
    {
        string plots = repository.Beside("plots"), page = repository.Beside("page/compare.html");
        (int status, _, string error) = CommandLine.Invoke("compare", "judged", "HEAD", "--plots", plots, "--html", page);
        Assert.That((status, error), Is.EqualTo((0, "")));
        Assert.That(Directory.GetFiles(plots).Select(file => Path.GetFileName(file)), Is.EqualTo(new[] { "demo.svg" }));
        string svg = File.ReadAllText(Path.Combine(plots, "demo.svg")), html = File.ReadAllText(page);
        Assert.That(svg, Does.Contain(">A, dashed: judged ("));
        Assert.That(html, Does.Contain(svg).And.Contain("demo: tokens moved").And.Contain("Made by `harness compare judged HEAD`"));
        CommandLine.Invoke("compare", "HEAD", ".", "--plots", repository.Beside("none"));
        Assert.That(repository.Beside("none"), Does.Not.Exist, "nothing moved");
    }

    [TestCase("HRN0513", "compare", "HEAD", "nowhere"), TestCase("HRN0013", "compare", "HEAD", ".", "demmo")]
    [TestCase("HRN0405", "compare", "HEAD"), TestCase("HRN0405", "compare", "HEAD", ".", "--margin", "-1")]
    [TestCase("HRN0405", "compare", "HEAD", ".", "--json", "--markdown")]
    public void What_is_wrong_is_one_line_with_its_code_and_status_2(string code, params string[] line)
    {
        (int status, string output, string error) = CommandLine.Invoke(line);
        Assert.That((status, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain($"error {code}: "));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void Sides_and_experiments_are_completed()
    {
        Directory.CreateDirectory(repository.Results("demo"));
        File.WriteAllText(Path.Combine(repository.Results("demo"), "demo.proj"), "<Project/>");
        foreach ((string line, string expected) in new[] { ("ju", "judged"), ("main wo", "worktree"), ("main . de", "demo") })
        {
            string typed = $"compare {line}", position = typed.Length.ToString(CultureInfo.InvariantCulture);
            string output = CommandLine.Invoke($"[suggest:{position}]", typed).Output;
            Assert.That(output.Split('\n', StringSplitOptions.TrimEntries), Does.Contain(expected), line);
        }
    }
}
