using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Training;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class TrainedExperimentTests
{
    static readonly string[] Committed =
    [
        "README.md", "run.json", "tiny/config.json", "tiny/generation_config.json", "tiny/model.safetensors", "tiny/tokenizer.json",
        "tiny/tokenizer_config.json", "training.csv", "training.svg", "validation.csv",
    ];

    ScratchExperiment scratch = null!;

    [SetUp]
    public void Create() =>
        scratch = new ScratchExperiment(TrainingExperiments.Project(TrainingExperiments.Think, TrainingExperiments.Tiny));

    [TearDown]
    public void Delete() => scratch.Dispose();

    ResolvedExperiment Resolve(params (string Name, string Value)[] placement) => ResolvedExperiment.Resolve(
        scratch.Raw(placement.ToDictionary(pair => pair.Name, pair => pair.Value)), Registered.All);

    string Run(bool rebuild = false)
    {
        using StringWriter output = new();
        using (RunConsole console = new(output, live: false))
            new ExperimentRun(Resolve(), console, new RunOptions(rebuild)).Execute(default);
        return output.ToString();
    }

    (string Output, HarnessException[] Differences) Verify(params (string Name, string Value)[] placement)
    {
        using StringWriter output = new();
        using RunConsole console = new(output, live: false);
        HarnessException[] differences = [.. new ExperimentVerify(Resolve(placement), console, 1).Execute(default)];
        return (output.ToString(), differences);
    }

    Dictionary<string, string> Files() => Directory.EnumerateFiles(scratch.Folder, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) is not ("demo.proj" or "model.bin"))
        .ToDictionary(
            path => Path.GetRelativePath(scratch.Folder, path).Replace('\\', '/'), path => Convert.ToHexString(File.ReadAllBytes(path)));

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

    static string WithLaws(string laws) => TrainingExperiments.Project(
    [
        TrainingExperiments.Think,
        .. new[] { 12, 16, 20 }.Select(width => TrainingExperiments.Tiny.Replace("\"tiny\"", $"\"d{width}\"").Replace("d=16", $"d={width}")
            .Replace("30k", "4k;8k;16k").Replace("/>", "Commit=\"false\" />")),
        laws,
    ]);

    [Test]
    public void Laws_are_fitted_to_what_was_made_and_a_change_of_them_trains_nothing()
    {
        scratch.Write(WithLaws("<Law Include=\"chinchilla-projection\" HeldOut=\"d20-16k\" />"));
        Run();
        Assert.That(Files().Keys, Is.EquivalentTo(new[]
        {
            "README.md", "entropy.csv", "law-points.csv", "laws-compute.svg", "laws-isoflop.svg", "laws-residuals.svg", "laws.csv",
            "run.json", "training.csv", "training.svg", "validation.csv",
        }));
        LossPointRow[] points = [.. LossPointTable.Csv.Read(scratch.Result("law-points.csv"))];
        TrainingRow[] last =
            [.. TrainingTable.Csv.Read(scratch.Result("training.csv")).GroupBy(row => row.Model).Select(rows => rows.Last())];
        Assert.That(points.OrderBy(point => point.Model).Select(point => (point.Model, point.Tokens, point.Flops)),
            Is.EqualTo(last.OrderBy(row => row.Model).Select(row => (row.Model, (double)row.Tokens, (double)row.Flops))));
        Assert.That(points.Single(point => point.IsHeldOut).Model, Is.EqualTo("d20-16k"));
        Directory.Delete(scratch.Artifacts, recursive: true);
        scratch.Write(WithLaws("<Law Include=\"isoflop\" /><Law Include=\"chinchilla-projection\" Size=\"without-embedding\" />"));
        Assert.That(Run(), Does.Contain("no model to train: manifest.laws"));
        Assert.That(ModelLawTable.Csv.Read(scratch.Result("laws.csv")).Select(row => row.Law).Distinct(),
            Is.EqualTo(new[] { "isoflop", "chinchilla-projection" }));
        Assert.That(Verify().Differences, Is.Empty);
        scratch.Write(WithLaws(""));
        Run();
        Assert.That(Files().Keys, Does.Not.Contain("laws.csv").And.Not.Contain("laws-compute.svg"), "what is no longer asked for is gone");
    }

    [Test]
    public void A_changed_law_is_derived_again_from_its_rows()
    {
        scratch.Write(WithLaws("<Law Include=\"chinchilla-projection\" />"));
        Run();
        Dictionary<string, string> before = Files();
        File.WriteAllText(scratch.Result("laws.csv"), "law\n");
        Assert.That(Verify().Differences.Single().Diagnostic.Code, Is.EqualTo("HRN0501"));
        Directory.Delete(scratch.Artifacts, recursive: true);
        Assert.That(Run(), Does.Contain("no model to train: laws.csv is not what run.json says"));
        Assert.That(Files(), Is.EqualTo(before));
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

    const string Asked = "<Evaluation Include=\"e\" Task=\"sum\" Difficulty=\"2;3\" Problems=\"6\" Samples=\"3\" />";

    static string WithEvaluation(string evaluation, string more = "") =>
        TrainingExperiments.Project(TrainingExperiments.Think, TrainingExperiments.Tiny, evaluation, more);

    [Test]
    public void Models_are_asked_when_they_are_trained_and_asked_as_a_pool_they_answer_the_same()
    {
        scratch.Write(WithEvaluation(Asked));
        Run();
        Assert.That(Files().Keys, Is.EquivalentTo(Committed.Concat(["evaluations.csv", "model-accuracy.csv", "model-accuracy.svg"])));
        EvaluationRow[] rows = [.. EvaluationTable.Csv.Read(scratch.Result("evaluations.csv"))];
        Assert.That(rows.Select(row => (row.Model, row.Evaluation, row.Problem, row.Difficulty, row.Samples)),
            Is.EqualTo(Enumerable.Range(0, 6).Select(problem => ("tiny", "e", problem, 2 + problem % 2, 3))));
        Assert.That(rows.Select(row => row.Tokens), Is.All.GreaterThan(0L));
        Assert.That(Staleness.Of(Resolve()), Is.Null);
        Assert.That(Verify().Differences, Is.Empty);

        using ScratchExperiment pool = new($"""
            <Project>
              <PropertyGroup>
                <Model>{scratch.Result("tiny")}</Model>
                <Precision>f32</Precision>
                <Seed>7</Seed>
              </PropertyGroup>
              <ItemGroup>
                <Pool Include="e" Task="sum" Difficulty="2;3" Problems="6" Samples="3" />
                <Strategy Include="single" Pool="e" />
              </ItemGroup>
            </Project>
            """);
        using RunConsole console = new(TextWriter.Null, live: false);
        new ExperimentRun(ResolvedExperiment.Resolve(pool.Raw(), Registered.All), console, new RunOptions()).Execute(default);
        Assert.That(rows.Select(row => (row.Problem, row.PromptTokens, row.Tokens, row.Correct, row.CutOff)), Is.EqualTo(
            SampleTable.Csv.Read(pool.Result("samples.csv")).GroupBy(row => row.Problem).Select(samples => (samples.Key,
                samples.First().PromptTokens!.Value, samples.Sum(row => (long)row.Tokens!.Value), samples.Sum(row => row.Correct),
                samples.Count(row => row.Finish == "length")))));
    }

    [Test]
    public void A_plan_counts_what_is_asked_at_most()
    {
        scratch.Write(WithEvaluation(Asked.Replace("/>", "MaxTokens=\"10\" />")));
        PlannedEvaluations plan = TrainingPlan.Create(Resolve(), default).Evaluations;
        Assert.That((plan.Samples, plan.MostTokens), Is.EqualTo((18L, 180L)));
        Run();
        EvaluationRow[] rows = [.. EvaluationTable.Csv.Read(scratch.Result("evaluations.csv"))];
        Assert.That(rows.Sum(row => row.Tokens), Is.LessThanOrEqualTo(180));
        Assert.That(plan.MostFlops, Is.GreaterThan(rows.Sum(row => row.Flops)));
    }

    [Test]
    public void Another_evaluation_asks_again_and_trains_nothing_that_is_kept()
    {
        scratch.Write(WithEvaluation(Asked));
        Run();
        byte[] weights = File.ReadAllBytes(scratch.Result("tiny/model.safetensors"));
        scratch.Write(WithEvaluation(Asked.Replace("Samples=\"3\"", "Samples=\"4\"")));
        Assert.That(Staleness.Of(Resolve()), Does.Contain("samples was 3, is 4"));
        string output = Run();
        Assert.That(output, Does.Not.Contain("step 15 of 30"));
        Assert.That(EvaluationTable.Csv.Read(scratch.Result("evaluations.csv")).Select(row => row.Samples), Is.All.EqualTo(4));
        Assert.That(File.ReadAllBytes(scratch.Result("tiny/model.safetensors")), Is.EqualTo(weights));
        File.AppendAllText(scratch.Result("model-accuracy.csv"), "x");
        Directory.Delete(scratch.Artifacts, recursive: true);
        Assert.That(Run(), Does.Contain("no model to train: model-accuracy.csv is not what run.json says"));
        Assert.That(Verify().Differences, Is.Empty);
    }

    [Test]
    public void A_law_of_coverage_reads_the_evaluations()
    {
        scratch.Write(WithLaws(Asked + "<Law Include=\"coverage-compute\" /><Law Include=\"train-to-test\" />"));
        Run();
        ModelLawRow[] rows = [.. ModelLawTable.Csv.Read(scratch.Result("laws.csv"))];
        Assert.That(rows.Select(row => (row.Law, row.Data)).Distinct(),
            Is.EqualTo(new[] { ("coverage-compute", "e"), ("train-to-test", "e") }));
        Assert.That(rows.Where(row => row.Law == "coverage-compute").Select(row => row.Parameter),
            Is.EqualTo(new[] { 1, 2, 3 }.SelectMany(k => new[] { $"E@{k}", $"C@{k}", $"a@{k}" })));
        Assert.That(rows.Where(row => row.Law == "train-to-test").Select(row => row.Points + row.Dropped), Is.All.EqualTo(27),
            "nine models, three k");
    }

    static readonly string Looped = TrainingExperiments.Tiny.Replace("/>", "Loops=\"3\" />");

    static string WithLoops(string train) => TrainingExperiments.Project(
        TrainingExperiments.Think, train, Asked.Replace("/>", "Loops=\"1;3;5\" />"));

    [Test]
    public void A_looped_model_is_asked_at_several_passes_and_its_folder_is_read_as_it_is()
    {
        scratch.Write(WithLoops(Looped));
        Run();
        EvaluationRow[] rows = [.. EvaluationTable.Csv.Read(scratch.Result("evaluations.csv"))];
        Assert.That(rows.Select(row => row.Loops).Distinct(), Is.EqualTo(new[] { 1, 3, 5 }));
        Assert.That(rows.GroupBy(row => row.Loops).Select(loops => loops.Count()), Is.All.EqualTo(6));
        double[] flops = [.. rows.GroupBy(row => row.Loops).Select(loops => loops.Sum(row => row.Flops) / loops.Sum(row => row.Tokens))];
        Assert.That(flops, Is.Ordered.Ascending);
        Assert.That(File.ReadAllText(scratch.Result("tiny/config.json")), Does.Contain("\"num_loops\": 3"));
        Assert.That(File.Exists(scratch.Result("model-accuracy-loops.svg")), Is.True);
        Assert.That(Staleness.Of(Resolve()), Is.Null);
        Assert.That(Verify().Differences, Is.Empty);

        // Unrolled it is a llama of three times the layers, with the same answers.
        scratch.Write(WithLoops(Looped.Replace("/>", "UnrolledAt=\"3\" />")));
        Run();
        Assert.That(File.ReadAllText(scratch.Result("tiny/config.json")),
            Does.Contain("\"model_type\": \"llama\"").And.Contain("\"num_hidden_layers\": 3"));
        Assert.That(EvaluationTable.Csv.Read(scratch.Result("evaluations.csv")), Is.EqualTo(rows));
    }

    [Test]
    public void Passes_are_drawn_by_the_step_and_count_in_the_operations()
    {
        scratch.Write(WithLoops(Looped));
        TrainingPlan plan = TrainingPlan.Create(Resolve(), default);
        Run();
        TrainingRow[] rows = [.. TrainingTable.Csv.Read(scratch.Result("training.csv"))];
        Assert.That(rows[^1].Flops, Is.EqualTo(plan.Models[0].Flops.Total));
        TrainManifest train = Resolve().Manifest.Trains[0];
        int[] loops = [.. Enumerable.Range(1, 300).Select(step => train.LoopsOf(step))];
        Assert.That(loops.GroupBy(each => each).OrderBy(each => each.Key).Select(each => (each.Key, each.Count() is > 70 and < 130)),
            Is.EqualTo(new[] { (1, true), (2, true), (3, true) }));
        Assert.That(plan.Evaluations.Samples, Is.EqualTo(54));
    }

    /// <summary>One line with the file, whatever is gone from it.</summary>
    [TestCase("training.csv"), TestCase("validation.csv"), TestCase("evaluations.csv")]
    public void Rows_that_are_missing_at_the_end_are_said_with_their_file(string name)
    {
        scratch.Write(WithEvaluation(Asked, "<Train Include=\"other\" Shape=\"d=8;layers=1;heads=2;ffn=16\" Tokens=\"5k\" "
            + "BatchTokens=\"1k\" LearningRate=\"1e-2\" Warmup=\"1\" ValidationTokens=\"2k\" LogEvery=\"1\" />"));
        Run();
        string[] lines = File.ReadAllLines(scratch.Result(name));
        File.WriteAllLines(scratch.Result(name), lines[..^1]);
        HarnessException found = Assert.Throws<HarnessException>(() => Verify(("StopAfter", "1")))!;
        Assert.That((found.Diagnostic.Code, Path.GetFileName(found.File)), Is.EqualTo(("HRN0503", name)));
        Assert.That(found.Message, Does.Contain("rows of model 'other' are missing"));
    }

    [TestCase("MaxTokens=\"500\"", "exceeds the model's context of 128"), TestCase("Prompt=\"own.txt\"", "please")]
    public void What_cannot_be_asked_is_said_before_anything_is_trained(string attribute, string message)
    {
        File.WriteAllText(scratch.Result("own.txt"), "please {question}");
        scratch.Write(WithEvaluation(Asked.Replace("/>", $"{attribute} />")));
        HarnessException refused = Assert.Throws<HarnessException>(() => Run())!;
        Assert.That(refused.Message, Does.Contain("evaluation 'e' of model 'tiny'").And.Contain(message));
        Assert.That(refused.Line, Is.GreaterThan(0));
        Assert.That(Directory.Exists(Path.Combine(scratch.Artifacts, "models")), Is.False);
        Assert.That(() => TrainingPlan.Create(Resolve(), default), Throws.InstanceOf<HarnessException>());
    }

    [Test]
    public void Names_of_models_and_of_what_is_kept_beside_them_do_not_collide()
    {
        scratch.Write(TrainingExperiments.Project(TrainingExperiments.Think,
            Looped.Replace("\"tiny\"", "\"loops-2\""), Looped.Replace("\"tiny\"", "\"e.generations\""),
            Asked.Replace("/>", "Loops=\"2;3\" />")));
        Run();
        EvaluationRow[] rows = [.. EvaluationTable.Csv.Read(scratch.Result("evaluations.csv"))];
        Assert.That(File.ReadAllText(scratch.Result("loops-2/config.json")), Does.Contain("\"num_loops\": 3"));
        // Models of one seed differ only in their names.
        Assert.That(rows.Where(row => row.Model == "loops-2").Select(row => row with { Model = "" }),
            Is.EqualTo(rows.Where(row => row.Model != "loops-2").Select(row => row with { Model = "" })));
        Assert.That(rows.Where(row => row.Loops == 2).Select(row => row with { Loops = 0 }),
            Is.Not.EqualTo(rows.Where(row => row.Loops == 3).Select(row => row with { Loops = 0 })));
    }
}
