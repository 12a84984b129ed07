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
sealed class EvaluatedModelTests : TrainedExperimentFixture
{
    internal const string Asked = "<Evaluation Include=\"e\" Task=\"sum\" Difficulty=\"2;3\" Problems=\"6\" Samples=\"3\" />";

    static string WithEvaluation(string evaluation, string more = "") =>
        TrainingExperiments.Project(TrainingExperiments.Think, TrainingExperiments.Tiny, evaluation, more);

    [Test]
    public void Models_are_asked_when_they_are_trained_and_asked_as_a_pool_they_answer_the_same()
    {
        scratch.Write(WithEvaluation(Asked));
        Run();
        Assert.That(Files().Keys, Is.EquivalentTo(
            TrainedExperimentTests.Committed.Concat(["evaluations.csv", "model-accuracy.csv", "model-accuracy.svg"])));
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

    /// <summary>A clone has no artifacts: the committed folder is the model.</summary>
    [Test]
    public void Another_evaluation_trains_nothing_that_is_committed()
    {
        scratch.Write(WithEvaluation(Asked));
        Run();
        byte[] weights = File.ReadAllBytes(scratch.Result("tiny/model.safetensors"));
        byte[] rows = File.ReadAllBytes(scratch.Result("training.csv"));
        Directory.Delete(scratch.Artifacts, recursive: true);
        scratch.Write(WithEvaluation(Asked.Replace("Samples=\"3\"", "Samples=\"4\"")));
        Assert.That(Run(), Does.Contain("0 models to train, 1 as committed"));
        Assert.That(EvaluationTable.Csv.Read(scratch.Result("evaluations.csv")).Select(row => row.Samples), Is.All.EqualTo(4));
        Assert.That(File.ReadAllBytes(scratch.Result("tiny/model.safetensors")), Is.EqualTo(weights));
        Assert.That(File.ReadAllBytes(scratch.Result("training.csv")), Is.EqualTo(rows));
        Assert.That(Staleness.Of(Resolve()), Is.Null);
        Assert.That(Verify().Differences, Is.Empty);

        // What is not what run.json says is trained again.
        Directory.Delete(scratch.Artifacts, recursive: true);
        File.AppendAllText(scratch.Result("tiny/config.json"), " ");
        Assert.That(Run(), Does.Contain("1 model to train").And.Not.Contain("as committed"));
        Assert.That(File.ReadAllBytes(scratch.Result("tiny/model.safetensors")), Is.EqualTo(weights));
        Directory.Delete(scratch.Artifacts, recursive: true);
        scratch.Write(WithEvaluation(Asked).Replace("LearningRate=\"", "LearningRate=\"1"));
        Assert.That(Run(), Does.Contain("1 model to train").And.Not.Contain("as committed"));
        Assert.That(File.ReadAllBytes(scratch.Result("tiny/model.safetensors")), Is.Not.EqualTo(weights));
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
