using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Training;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class EvaluationReaderTests
{
    const string Data = "<Data Include=\"think\" Task=\"sum\" />";
    const string Trains = "<Train Include=\"m\" Shape=\"d=16;layers=1;heads=2;ffn=32\" Tokens=\"1M;2M\" LearningRate=\"3e-3\" />";

    [Test]
    public void What_is_left_out_has_the_defaults()
    {
        EvaluationManifest evaluation = TrainingExperiments.Read(
            Data, Trains, "<Evaluation Include=\"e\" Task=\"sum\" Problems=\"9\" />").Evaluations.Single();
        Assert.That((evaluation.Name, string.Join(' ', evaluation.Models)), Is.EqualTo(("e", "m-1M m-2M")));
        PoolManifest pool = evaluation.Pool;
        Assert.That((pool.Problems, pool.Samples, pool.Temperature, pool.Prompt, pool.Chat), Is.EqualTo((9, 1, 1f, "think", false)));
    }

    [Test]
    public void Models_are_those_that_it_names()
    {
        IReadOnlyList<EvaluationManifest> read = TrainingExperiments.Read(Data, Trains, Trains.Replace("\"m\"", "\"n\""),
            "<Evaluation Include=\"e\" Task=\"countdown\" Problems=\"9\" Models=\"n;m-2M\" Temperature=\"0.5\" Split=\"validation\" />",
            "<Law Include=\"coverage-compute\" Models=\"n\" />").Evaluations;
        Assert.That(read.Single().Models, Is.EqualTo(new[] { "m-2M", "n-1M", "n-2M" }));
        Assert.That((read[0].Pool.Temperature, read[0].Pool.TaskOptions["Split"]), Is.EqualTo((0.5f, "validation")));
    }

    [Test]
    public void Laws_of_coverage_read_the_evaluations_that_ask_all_their_models()
    {
        LawManifest[] laws = [.. TrainingExperiments.Read(Data, Trains,
            "<Evaluation Include=\"some\" Task=\"sum\" Problems=\"9\" Models=\"m-2M\" />",
            "<Evaluation Include=\"all-of-them\" Task=\"sum\" Problems=\"9\" />",
            "<Law Include=\"coverage-compute\" />", "<Law Include=\"train-to-test\" Models=\"m-2M\" />").Laws];
        Assert.That(laws.Select(law => string.Join(' ', law.Evaluations)), Is.EqualTo(new[] { "all-of-them", "some all-of-them" }));
        Assert.That(laws.SelectMany(law => law.Data), Is.Empty);
    }

    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" />", "Problems of evaluation 'e' is missing")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sun\" Problems=\"1\" />", "did you mean 'sum'?")]
    [TestCase("<Evaluation Include=\"e\" Task=\"gsm8k\" Problems=\"1\" />", "'gsm8k' is not a task that makes its problems")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" Models=\"n\" />", "'n' is not a Train of this manifest")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" Chat=\"true\" />", "'Chat' is not a known attribute of Evaluation")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" Splits=\"all\" />", "did you mean 'Split'?")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" Loops=\"1;2\" />", "model 'm-1M' passes its layers once")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" Loops=\"1;65\" Models=\"l\" />"
        + "<Train Include=\"l\" Shape=\"d=16;layers=1;heads=2;ffn=32\" Loops=\"2\" Tokens=\"1M\" LearningRate=\"3e-3\" />", "at most 64")]
    [TestCase("<Evaluation Include=\"all\" Task=\"sum\" Problems=\"1\" />", "'all' can't be a name")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" /><Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" />",
        "two evaluations are named 'e'")]
    [TestCase("<Law Include=\"coverage-compute\" />", "no Evaluation asks all models of the law")]
    [TestCase("<Law Include=\"coverage-compute\" Data=\"think\" />", "predicts coverage, not a loss: leave Data out")]
    [TestCase("<Law Include=\"chinchilla\" Evaluation=\"e\" />", "predicts a loss, not coverage: leave Evaluation out")]
    [TestCase("<Evaluation Include=\"e\" Task=\"sum\" Problems=\"1\" /><Law Include=\"coverage-compute\" Evaluation=\"f\" />",
        "'f' is not an evaluation that asks all models of the law")]
    public void A_mistake_is_one_line(string items, string message)
    {
        using ScratchExperiment scratch = new(TrainingExperiments.Project(Data, Trains, items));
        HarnessException mistake = Assert.Throws<HarnessException>(() => ManifestReader.Read(scratch.Raw(), Registered.All))!;
        Assert.That(mistake.Message, Does.Contain(message));
        Assert.That((Path.GetFileName(mistake.File), mistake.Line > 0), Is.EqualTo(("demo.proj", true)));
    }

    [Test]
    public void Problems_that_the_task_has_not_are_said_before_anything_runs()
    {
        using ScratchExperiment scratch = new(TrainingExperiments.Project(Data, Trains,
            "<Evaluation Include=\"e\" Task=\"countdown\" Difficulty=\"2\" Problems=\"9000\" />"));
        HarnessException mistake = Assert.Throws<HarnessException>(
            () => Harness.Identity.ResolvedExperiment.Resolve(scratch.Raw(), Registered.All))!;
        Assert.That(mistake.Message, Does.Contain("evaluation 'e': ").And.Contain("fewer than 9000 different problems"));
        Assert.That(mistake.Line, Is.GreaterThan(0));
    }
}
