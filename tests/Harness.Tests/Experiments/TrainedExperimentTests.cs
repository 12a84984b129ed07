using Harness.Experiments;
using Harness.Kernels;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Tests.Shared;
using Harness.Tests.Training;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class TrainedExperimentTests : TrainedExperimentFixture
{
    internal static readonly string[] Committed =
    [
        "README.md", "run.json", "tiny/config.json", "tiny/generation_config.json", "tiny/model.safetensors", "tiny/tokenizer.json",
        "tiny/tokenizer_config.json", "training.csv", "training.svg", "validation.csv",
    ];

    [Test]
    public void It_is_run_once_and_run_json_vouches_for_all_that_it_made()
    {
        string output = Run();
        Assert.That(Files().Keys, Is.EquivalentTo(Committed));
        Assert.That(output, Does.Contain("1 model to train").And.Contain("step 30 of 30"));
        Assert.That(
            RunJson.OutputsOf(RunJson.Read(scratch.Result("run.json"))).Keys,
            Is.EquivalentTo(Committed.Where(name => name != "run.json")));
        Assert.That(Staleness.Of(Resolve()), Is.Null);
        Assert.That(Run(), Does.Contain("demo is up to date"));
    }

    [Test]
    public void A_change_of_the_manifest_makes_it_stale_and_one_of_words_or_place_does_not()
    {
        Run();
        scratch.Write(File.ReadAllText(scratch.Project).Replace("LearningRate=\"1e-2\"", "LearningRate=\"2e-2\""));
        Assert.That(Staleness.Of(Resolve()), Does.Contain("learning_rate was 0.01, is 0.02"));
        scratch.Write(File.ReadAllText(scratch.Project).Replace("2e-2", "1e-2").Replace("A tiny model", "Another title"));
        Assert.That(Staleness.Of(Resolve(("Threads", "1"))), Is.EqualTo("the title has changed"));
        Dictionary<string, string> before = Files();
        Directory.Delete(scratch.Artifacts, recursive: true);
        Assert.That(Run(), Does.Contain("no model to train: the title has changed"), "its rows and weights are as they should be");
        Dictionary<string, string> after = Files();
        Assert.That(after.Where(file => before[file.Key] != file.Value).Select(file => file.Key),
            Is.EquivalentTo(new[] { "README.md", "run.json", "training.svg" }));
    }

    [Test]
    public void A_rebuild_and_a_verification_give_the_same_bytes()
    {
        Run();
        Dictionary<string, string> before = Files();
        Assert.That(Run(rebuild: true), Does.Contain("step 30 of 30"));
        Assert.That(Files(), Is.EqualTo(before));
        (string output, HarnessException[] differences) = Verify();
        Assert.That(differences, Is.Empty);
        Assert.That(output, Does.Contain("demo: verified"));
        Assert.That(Files(), Is.EqualTo(before));
    }

    [TestCase("tiny/model.safetensors", "byte 4000 differs"), TestCase("training.csv", "line "), TestCase("validation.csv", "line ")]
    public void A_changed_file_makes_it_stale_and_fails_a_verification(string name, string message)
    {
        Run();
        byte[] bytes = File.ReadAllBytes(scratch.Result(name));
        int place = name.EndsWith("csv", StringComparison.Ordinal) ? bytes.Length - 3 : 4000;
        bytes[place] = (byte)(bytes[place] == '1' ? '2' : '1');
        File.WriteAllBytes(scratch.Result(name), bytes);
        Assert.That(Staleness.Of(Resolve()), Is.EqualTo($"{name} is not what run.json says"));
        HarnessException[] differences = Verify().Differences;
        Assert.That(differences.Single().Diagnostic.Code, Is.EqualTo("HRN0501"));
        Assert.That(differences.Single().Message, Does.StartWith(message));
    }

    [Test]
    public void The_first_steps_of_the_schedule_are_verified_alone()
    {
        Run();
        (string output, HarnessException[] none) = Verify(("StopAfter", "10"));
        Assert.That(none, Is.Empty);
        Assert.That(output, Does.Contain("the first 10 steps of each model are verified").And.Contain("step 10 of 10"));
        Assert.That(() => Verify(("StopAfter", "11")), Throws.InstanceOf<HarnessException>().With.Message.Contains("no row of that step"));
        string[] lines = File.ReadAllLines(scratch.Result("training.csv"));
        lines[3] = lines[3][..^1] + (lines[3][^1] == '0' ? '1' : '0');
        File.WriteAllLines(scratch.Result("training.csv"), lines);
        HarnessException difference = Verify(("StopAfter", "10")).Differences.Single();
        Assert.That((difference.Line, difference.Message.StartsWith("model tiny, step 10: weights was", StringComparison.Ordinal)),
            Is.EqualTo((4, true)), difference.Message);
    }

    [Test]
    public void On_a_GPU_it_has_the_bytes_of_the_CPU()
    {
        Gpu.Need();
        Run();
        Assert.That(Verify(("Device", "cpu")).Differences, Is.Empty);
        Assert.That(Verify(("Device", Gpu.Device)).Differences, Is.Empty);
    }

    [Test]
    public void Without_a_GPU_a_training_that_is_placed_on_one_is_refused()
    {
        if (LanguageModels.Resolve("auto") == "cuda")
            Assert.Ignore("there is a GPU");
        Run();
        HarnessException refusal = Assert.Throws<HarnessException>(() => Verify(("Device", "cuda")))!;
        Assert.That(refusal.Diagnostic.Number, Is.InRange(101, 111), refusal.Message);
    }

    /// <summary>As in a clone without the data.</summary>
    [Test]
    public void It_is_up_to_date_without_the_file_that_it_was_made_of()
    {
        const string own = "<Data Include=\"own\" File=\"pairs.jsonl\" PromptField=\"ask\" AnswerField=\"say\" />";
        string file = scratch.Result("pairs.jsonl");
        File.WriteAllLines(file, Enumerable.Range(0, 200).Select(
            number => $$"""{"ask": "sum {{number % 100}} + {{number / 100}} =", "say": "# 7"}"""));
        scratch.Write(TrainingExperiments.Project(own, TrainingExperiments.Tiny));
        Run();
        string content = File.ReadAllText(file);
        File.Delete(file);
        Assert.That(Staleness.Of(Resolve()), Is.Null);
        Assert.That(Run(), Does.Contain("demo is up to date; nothing could be"));
        scratch.Write(File.ReadAllText(scratch.Project).Replace("Share", "S").Replace("LearningRate=\"1e-2\"", "LearningRate=\"2e-2\""));
        Assert.That(() => Resolve(), Throws.InstanceOf<HarnessException>().With.Message.Contains("pairs.jsonl"));
        File.WriteAllText(file, content.Replace("# 7", "# 8"));
        Assert.That(Staleness.Of(Resolve()), Is.Not.Null);
    }

    [Test]
    public void Models_that_are_written_in_another_order_are_written_down_so_and_not_trained_again()
    {
        string second = TrainingExperiments.Tiny.Replace("\"tiny\"", "\"other\"").Replace("1e-2", "2e-2");
        scratch.Write(TrainingExperiments.Project(TrainingExperiments.Think, TrainingExperiments.Tiny, second));
        Run();
        scratch.Write(TrainingExperiments.Project(TrainingExperiments.Think, second, TrainingExperiments.Tiny));
        Assert.That(Run(), Does.Contain("no model to train"));
        Assert.That(TrainingTable.Csv.Read(scratch.Result("training.csv"))[0].Model, Is.EqualTo("other"));
        Assert.That(Staleness.Of(Resolve()), Is.Null);
        Assert.That(Verify().Differences, Is.Empty);
    }

    [Test]
    public void A_model_that_is_to_be_committed_after_all_is_taken_from_its_state()
    {
        scratch.Write(File.ReadAllText(scratch.Project).Replace("LogEvery", "Commit=\"false\" LogEvery"));
        Run();
        scratch.Write(File.ReadAllText(scratch.Project).Replace("Commit=\"false\" LogEvery", "LogEvery"));
        Assert.That(Run(), Does.Not.Contain("step 5 of"));
        Assert.That(Files().Keys, Is.EquivalentTo(Committed));
    }

    [Test]
    public void A_row_that_is_missing_among_the_first_steps_is_found()
    {
        Run();
        File.WriteAllLines(scratch.Result("training.csv"),
            File.ReadAllLines(scratch.Result("training.csv")).Where(line => !line.StartsWith("tiny,5,", StringComparison.Ordinal)));
        Assert.That(Verify(("StopAfter", "10")).Differences.Single().Message, Does.Contain("the row of step 5 is missing"));
    }

    [Test]
    public void A_model_that_left_the_manifest_leaves_no_folder()
    {
        Run();
        scratch.Write(File.ReadAllText(scratch.Project).Replace("\"tiny\"", "\"small\""));
        Run();
        Assert.That(Files().Keys, Is.EquivalentTo(Committed.Select(name => name.Replace("tiny/", "small/"))));
        Assert.That(Directory.Exists(scratch.Result("tiny")), Is.False);
    }

    [Test]
    public void A_model_that_is_not_committed_lies_in_artifacts()
    {
        scratch.Write(File.ReadAllText(scratch.Project).Replace("LogEvery", "Commit=\"false\" LogEvery"));
        Run();
        Assert.That(Files().Keys, Is.EquivalentTo(Committed.Where(name => !name.Contains('/'))));
        Assert.That(File.Exists(Path.Combine(scratch.Artifacts, "models", "tiny", "tiny", "model.safetensors")), Is.True);
        Assert.That(Staleness.Of(Resolve()), Is.Null);
    }

    /// <summary>What budgets share is trained once, and no byte tells, in whatever order they are written.</summary>
    [Test]
    public void Budgets_of_one_model_share_their_steps_and_have_the_bytes_that_each_has_alone()
    {
        string alone = TrainingExperiments.Tiny.Replace("Warmup=\"5\"", "Warmup=\"5\" Decay=\"0.4\"");
        Dictionary<string, string> expected = [];
        foreach (string budget in new[] { "30k", "20k", "10k" })
        {
            scratch.Write(TrainingExperiments.Project(TrainingExperiments.Think, alone.Replace("30k", budget)));
            Run();
            foreach ((string name, string content) in Files().Where(file => file.Key.StartsWith("tiny/", StringComparison.Ordinal)))
                expected[name.Replace("tiny/", $"tiny-{budget}/")] = content;
        }
        Directory.Delete(scratch.Result("tiny"), recursive: true);
        Directory.Delete(scratch.Artifacts, recursive: true);
        scratch.Write(TrainingExperiments.Project(TrainingExperiments.Think, alone.Replace("30k", "30k;10k;20k")));
        string output = Run();
        Assert.That(Files().Where(file => file.Key.StartsWith("tiny-", StringComparison.Ordinal)), Is.EquivalentTo(expected));
        Assert.That(output, Does.Contain("tiny-10k (1 of 3): 100 %, step 10 of 10").And.Contain("tiny-30k (3 of 3)"));
        TrainingRow[] rows = [.. TrainingTable.Csv.Read(scratch.Result("training.csv"))];
        Assert.That(rows.Select(row => row.Model).Distinct(), Is.EqualTo(new[] { "tiny-30k", "tiny-10k", "tiny-20k" }));
        Assert.That(rows.Where(row => row.Step == 5).Select(row => row with { Model = "" }).Distinct().Count(), Is.EqualTo(1));
        (_, HarnessException[] differences) = Verify();
        Assert.That(differences, Is.Empty);
        long branch = new DirectoryInfo(Path.Combine(scratch.Artifacts, "models")).EnumerateDirectories("trunk-*").Count();
        Assert.That(branch, Is.EqualTo(1));
    }

    [Test]
    public void A_plan_counts_what_training_then_counts()
    {
        TrainingPlan plan = TrainingPlan.Create(Resolve(), default);
        Run();
        TrainingRow last = TrainingTable.Csv.Read(scratch.Result("training.csv"))[^1];
        Assert.That((plan.Models[0].Tokens, plan.Models[0].LossTokens, plan.Models[0].Flops.Total, plan.Models[0].Flops.WithoutHead),
            Is.EqualTo((last.Tokens, last.LossTokens, last.Flops, last.FlopsWithoutHead)));
        Assert.That(plan.Models[0].MemoryBytes, Is.GreaterThan(100_000));
    }

    [Test]
    public void A_plan_counts_shared_steps_once()
    {
        string several = TrainingExperiments.Tiny.Replace("30k", "10k;30k;20k");
        scratch.Write(TrainingExperiments.Project(TrainingExperiments.Think, several));
        TrainingPlan plan = TrainingPlan.Create(Resolve(), default);
        // Of 10, 20 and 30 steps the last three in ten are a fall of their own.
        Assert.That(plan.Models.Select(model => (model.Model.Steps, model.Model.StepsBeforeFall)),
            Is.EqualTo(new[] { (10L, 7L), (30L, 21L), (20L, 14L) }));
        double[] shares = [.. plan.Models.Select(model => (double)model.ComputedFlops / model.Flops.Total)];
        Assert.That(shares, Is.EqualTo(new[] { 1, 16 / 30.0, 13 / 20.0 }).Within(0.02));
        Assert.That(plan.ComputedFlops, Is.EqualTo(plan.Models.Sum(model => (double)model.ComputedFlops)));
    }
}
