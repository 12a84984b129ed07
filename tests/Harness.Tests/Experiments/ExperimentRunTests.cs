using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class ExperimentRunTests
{
    ScratchExperiment scratch = null!;

    [SetUp]
    public void Create() => scratch = new ScratchExperiment();

    [TearDown]
    public void Remove() => scratch.Dispose();

    [Test]
    public void A_run_writes_every_file_sorted_and_whole()
    {
        scratch.Run(new ScriptedEngine());
        Assert.That(scratch.Results().Keys.Order(StringComparer.Ordinal), Is.EqualTo(ScratchExperiment.Committed));
        IReadOnlyList<SampleRow> rows = SampleTable.Csv.Read(scratch.Result("samples.csv"));
        Assert.That(rows, Has.Count.EqualTo(6 * 4 + 6));
        Assert.That(rows.Select(row => (row.Pool == "sums" ? 0 : 1, row.Problem, row.Sample)), Is.Ordered);
        Assert.That(rows.Where(row => row.Pool == "greedy").Select(row => row.Correct), Is.All.EqualTo(1));
        Assert.That(rows.Where(row => row.Pool == "sums").Sum(row => row.Correct), Is.InRange(3, 21));
        Assert.That(AccuracyTable.Csv.Read(scratch.Result("accuracy.csv")).Select(row => row.Strategy).Distinct(),
            Is.EqualTo(new[] { "majority-vote", "coverage", "greedy" }));
    }

    [Test]
    public void Each_comparison_is_on_all_problems_and_run_json_vouches_for_the_file()
    {
        scratch.Run(new ScriptedEngine());
        IReadOnlyList<ComparisonRow> rows = ComparisonTable.Csv.Read(scratch.Result("comparisons.csv"));
        Assert.That(rows.Select(
            row => (row.FirstPool, row.FirstStrategy, row.FirstMultiplier, row.SecondPool, row.SecondStrategy, row.SecondMultiplier)),
            Is.EqualTo(new[] { ("sums", "single", 1, "greedy", "greedy", 1), ("sums", "majority-vote", 4, "sums", "coverage", 4) }));
        Assert.That(rows.Select(row => (row.Difficulty, row.Problems)), Is.All.EqualTo(("all", 6)));
        Assert.That(RunJson.OutputsOf(RunJson.Read(scratch.Result("run.json"))), Does.ContainKey("comparisons.csv"));
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.Contain("| sums majority-vote 4x | sums coverage 4x | 6 |"));
    }

    [Test]
    public void Without_a_pair_there_is_no_comparison()
    {
        scratch.Write(
            ScratchExperiment.Demo.Replace("Problems=\"6\" Samples=\"1\"", "Problems=\"5\" Samples=\"1\"")
            .Replace("Multipliers=\"1;4\"", "Multipliers=\"1\""));
        scratch.Run(new ScriptedEngine());
        Assert.That(scratch.Results().Keys, Does.Not.Contain("comparisons.csv"));
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.Not.Contain("Paired comparisons"));
    }

    [Test]
    public void A_second_run_is_up_to_date_without_loading_the_weights()
    {
        scratch.Run(new ScriptedEngine());
        File.SetLastWriteTimeUtc(Path.Combine(scratch.Folder, "model.bin"), DateTime.UtcNow.AddHours(-1));
        scratch.Run(new ScriptedEngine());
        ScriptedEngine host = new();
        Assert.That(scratch.Run(host), Is.EqualTo($"demo is up to date{Environment.NewLine}"));
        Assert.That(host.Generators, Is.Zero);
    }

    [Test]
    public void A_rebuild_generates_all_again_with_the_same_bytes()
    {
        scratch.Run(new ScriptedEngine());
        Dictionary<string, byte[]> first = scratch.Results();
        int generated = 0;
        scratch.Run(new ScriptedEngine { BeforeFinished = _ => generated++ }, rebuild: true);
        Assert.That(generated, Is.GreaterThanOrEqualTo(30));
        Assert.That(scratch.Results(), Is.EqualTo(first));
    }

    [Test]
    public void A_changed_output_is_made_again_from_what_was_generated()
    {
        scratch.Run(new ScriptedEngine());
        byte[] right = File.ReadAllBytes(scratch.Result("accuracy.csv"));
        File.WriteAllText(scratch.Result("accuracy.csv"), "edited by hand\n");
        ScriptedEngine host = new();
        Assert.That(scratch.Run(host), Does.Contain("no samples to generate: accuracy.csv is not what run.json says"));
        Assert.That(File.ReadAllBytes(scratch.Result("accuracy.csv")), Is.EqualTo(right));
        Assert.That(host.Generators, Is.Zero);
    }

    [Test]
    public void Two_runs_at_once_are_refused()
    {
        HarnessException? second = null;
        ScriptedEngine host = new();
        host.BeforeFinished = _ => second ??= Assert.Throws<HarnessException>(() => scratch.Run(new ScriptedEngine()));
        scratch.Run(host);
        Assert.That(second!.Diagnostic, Is.EqualTo(Codes.AlreadyRunning));
    }

    [Test]
    public void A_results_folder_that_refuses_writing_is_found_before_generating()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("needs /proc, which no user can write to");
        RawManifest raw = scratch.Raw(new() { ["Artifacts"] = "/proc/self/artifacts" });
        ScriptedEngine host = new();
        using RunConsole console = new(TextWriter.Null, live: false);
        HarnessException refused = Assert.Throws<HarnessException>(() =>
            new ExperimentRun(ResolvedExperiment.Resolve(raw, host.Registered), console, new RunOptions())
                .Execute(CancellationToken.None))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.NotWritable));
        Assert.That(host.Generators, Is.Zero);
    }

    [Test]
    public void An_overridden_run_leaves_the_results_folder_alone()
    {
        ScriptedEngine host = new();
        ResolvedExperiment experiment = scratch.Resolve(host, overrides: ["Samples"]);
        using (RunConsole console = new(TextWriter.Null, live: false))
            new ExperimentRun(experiment, console, new RunOptions()).Execute(CancellationToken.None);
        Assert.That(scratch.Results(), Is.Empty);
        Assert.That(Path.GetDirectoryName(experiment.Paths.Results), Is.EqualTo(scratch.Artifacts));
        Assert.That(File.Exists(Path.Combine(experiment.Paths.Results, "samples.csv")));
    }

    [Test]
    public void A_prompt_longer_than_the_context_is_refused_before_anything_runs()
    {
        ScriptedEngine host = new() { ContextLength = 12 };
        HarnessException refused = Assert.Throws<HarnessException>(() => scratch.Run(host))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.PromptTooLong));
        Assert.That(refused.ToCanonicalLine(), Does.StartWith($"{scratch.Project}(8,"));
        Assert.That(host.Generators, Is.Zero);
    }

    [Test]
    public void A_picture_by_another_renderer_is_drawn_anew_where_the_rows_behind_it_moved()
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine());
        const string other = "<svg>\n  <!-- renderer: Other 1 -->\n</svg>\n";
        foreach (string name in (string[])["accuracy.svg", "frontier.svg"])
            File.WriteAllText(scratch.Result(name), other);
        scratch.Write(ScratchExperiment.Demo.Replace("Multipliers=\"1;2;4\"", "Multipliers=\"1;4\""));
        scratch.Run(new ScriptedEngine());
        Assert.That(File.ReadAllText(scratch.Result("accuracy.svg")), Does.Not.Contain("Other 1"));
        Assert.That(File.ReadAllText(scratch.Result("frontier.svg")), Is.EqualTo(other), "its rows are the same");
    }

    [Test]
    public void A_picture_by_another_renderer_is_left_alone_and_drawn_in_artifacts()
    {
        scratch.Run(new ScriptedEngine());
        const string other = "<svg>\n  <!-- renderer: Other 1 -->\n</svg>\n";
        File.WriteAllText(scratch.Result("accuracy.svg"), other);
        scratch.Run(new ScriptedEngine());
        Assert.That(File.ReadAllText(scratch.Result("accuracy.svg")), Is.EqualTo(other));
        Assert.That(
            File.ReadAllText(Path.Combine(scratch.Artifacts, "accuracy.svg")), Does.Contain("renderer:").And.Not.Contain("Other 1"));
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("up to date"));
    }

    [Test]
    public void A_figure_that_the_manifest_no_longer_gives_is_removed_and_nothing_else_is()
    {
        scratch.Run(new ScriptedEngine());
        File.WriteAllText(scratch.Result("notes.svg"), "my own");
        scratch.Write(ScratchExperiment.Demo.Replace("<Strategy Include=\"coverage\" Pool=\"sums\" Multipliers=\"1;4\" />", ""));
        scratch.Run(new ScriptedEngine());
        Assert.That(scratch.Results().Keys, Is.EquivalentTo(ScratchExperiment.Committed.Except(["coverage.svg"]).Append("notes.svg")));
    }

    [Test]
    public void A_figure_that_was_changed_by_hand_is_not_removed()
    {
        scratch.Run(new ScriptedEngine());
        File.WriteAllText(scratch.Result("coverage.svg"), "my own");
        scratch.Write(ScratchExperiment.Demo.Replace("<Strategy Include=\"coverage\" Pool=\"sums\" Multipliers=\"1;4\" />", ""));
        scratch.Run(new ScriptedEngine());
        Assert.That(File.ReadAllText(scratch.Result("coverage.svg")), Is.EqualTo("my own"));
    }

    [TestCase("run.json"), TestCase("accuracy.csv")]
    public void An_output_that_can_not_be_read_is_stale_and_made_again(string name)
    {
        scratch.Run(new ScriptedEngine());
        Dictionary<string, byte[]> whole = scratch.Results();
        using (Unreadable(scratch.Result(name)))
        {
            Assert.That(Staleness.Of(scratch.Resolve(new ScriptedEngine())), Does.Contain(name));
            scratch.Run(new ScriptedEngine());
        }
        Assert.That(scratch.Results(), Is.EqualTo(whole));
    }

    [Test]
    public void A_prompt_without_tokens_is_refused_at_its_place()
    {
        scratch.Write(
            ScratchExperiment.Demo.Replace(
                "Prompt=\"direct\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\"",
                "Prompt=\"direct\" Chat=\"true\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\""));
        ScriptedEngine host = new() { Chat = _ => "" };
        HarnessException refused = Assert.Throws<HarnessException>(() => scratch.Run(host))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.BadValue));
        Assert.That(refused.ToCanonicalLine(), Does.StartWith($"{scratch.Project}(8,").And.Contain("no tokens"));
    }

    [Test]
    public void The_log_of_a_run_holds_no_line_that_MSBuild_takes_for_an_error()
    {
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Not.Contain("error").IgnoreCase);
    }

    /// <summary>Held open for this process alone, as a file that refuses reading.</summary>
    static FileStream Unreadable(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
}
