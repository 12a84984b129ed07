using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Verifiers;

namespace Harness.Tests.Manifests;

/// <summary>What a manifest says of models that judge answers.</summary>
[TestFixture]
sealed class LabelReaderTests
{
    const string Data = "<Data Include=\"d\" Task=\"sum\" Labels=\"steps\" Problems=\"10\" />";
    const string Train = "<Train Include=\"m\" From=\"x/base\" Tokens=\"2M\" LearningRate=\"1e-3\" />";
    const string Pool = "<Pool Include=\"p\" Task=\"sum\" Problems=\"3\" Samples=\"2\" />";

    [Test]
    public void What_is_left_out_has_the_defaults()
    {
        Manifest manifest = Read("<Model>model.bin</Model>", Data, Train);
        LabellingManifest labelling = manifest.Trains.Single().Data.Single().Labelling!;
        Assert.That((labelling.Kind, labelling.Rollouts, labelling.IsSoft), Is.EqualTo((RewardKind.Steps, 8, false)));
        Assert.That((labelling.Pool.Problems, labelling.Pool.Samples, labelling.Pool.Temperature), Is.EqualTo((10, 4, 1f)));
        Assert.That(labelling.Pool.TaskOptions["Split"], Is.EqualTo("train"));
        Assert.That((manifest.AsksModel, manifest.IsTraining, manifest.Trains[0].Judges),
            Is.EqualTo((true, true, RewardForm.OfWords(RewardKind.Steps))));
    }

    [TestCase("Labels=\"whole\"", "expected one of outcome, steps")]
    [TestCase("Labels=\"outcome\" Problems=\"3\" Rollouts=\"2\"", "Rollouts is for labels of steps")]
    [TestCase("Labels=\"outcome\" Problems=\"3\" Estimate=\"soft\"", "Estimate is for labels of steps")]
    [TestCase("Labels=\"outcome\" Problems=\"3\" Verdict=\"token\"", "Verdict is for labels of steps")]
    [TestCase("Labels=\"steps\" Problems=\"3\" Verdict=\"tokens\"", "expected one of word, token")]
    [TestCase("Labels=\"steps\"", "Problems of data 'd' is missing")]
    [TestCase("Labels=\"steps\" Problems=\"3\" Temperature=\"0\"", "Temperature")]
    public void Labels_that_make_no_sense_are_refused(string labels, string message) =>
        AssertRefused(message, "<Model>model.bin</Model>", $"<Data Include=\"d\" Task=\"sum\" {labels} />", Train);

    [Test]
    public void How_labels_are_made_is_said_of_labels() => AssertRefused("Problems says how labels are made", "",
        "<Data Include=\"d\" Task=\"sum\" Problems=\"3\" />", Train);

    [Test]
    public void A_file_has_no_labels() => AssertRefused("labels are of answers to a task's problems", "<Model>model.bin</Model>",
        "<Data Include=\"d\" File=\"x\" Labels=\"outcome\" Problems=\"3\" />", Train);

    [Test]
    public void Labels_need_a_Model_and_nothing_else_in_a_training_does()
    {
        AssertRefused("Model is missing", "", Data, Train);
        AssertRefused("no pool asks one", "<Model>model.bin</Model>", "<Data Include=\"d\" Task=\"sum\" />", Train);
    }

    [Test]
    public void A_model_learns_one_thing()
    {
        AssertRefused("learns one thing", "<Model>model.bin</Model>", Data, "<Data Include=\"w\" Task=\"sum\" />", Train);
        AssertRefused("learns one thing", "<Model>model.bin</Model>", Data,
            Data.Replace("\"d\"", "\"t\"").Replace("/>", "Verdict=\"token\" />"), Train);
        AssertRefused("a reward model passes its layers once", "<Model>model.bin</Model>", Data, Train.Replace("/>", "Loops=\"2\" />"));
    }

    [TestCase("From=\"x/base\" Shape=\"d=16;layers=1;heads=2;ffn=32\"", "leave Shape out")]
    [TestCase("Shape=\"d=16;layers=1;heads=2;ffn=32\" AddLayers=\"1\"", "state AddLayers with From")]
    [TestCase("", "Shape of model 'm' is missing")]
    public void A_model_begins_with_weights_or_with_a_shape(string begins, string message) => AssertRefused(
        message, "", "<Data Include=\"d\" Task=\"sum\" />",
        $"<Train Include=\"m\" {begins} Tokens=\"2M\" LearningRate=\"1e-3\" />");

    [Test]
    public void An_evaluation_is_of_models_that_answer_or_of_models_that_judge()
    {
        const string writes = "<Train Include=\"w\" Shape=\"d=16;layers=1;heads=2;ffn=32\" Tokens=\"2M\" LearningRate=\"1e-3\" />";
        const string asked = "<Evaluation Include=\"e\" Task=\"sum\" Problems=\"3\" />";
        string[] items = [Data.Replace("/>", "For=\"m\" />"), "<Data Include=\"t\" Task=\"sum\" For=\"w\" />", Train, writes];
        AssertRefused("name either", "<Model>model.bin</Model>", [.. items, asked]);
        Manifest manifest = Read("<Model>model.bin</Model>", [.. items, asked.Replace("/>", "Models=\"m\" />")]);
        Assert.That((manifest.Judged.Count, manifest.Answered.Count), Is.EqualTo((1, 0)));
    }

    [TestCase("Verifier=\"mean-logprob\" Reward=\"min\"", "Reward is of a reward model")]
    [TestCase("Verifier=\"../a/prm\" Reward=\"mean\"", "expected one of last, min, product")]
    [TestCase("Verifier=\"step-chekcer\"", "expected one of")]
    public void A_verifier_that_makes_no_sense_is_refused(string verifier, string message) => AssertRefused(
        message, "<Model>model.bin</Model>", Pool, $"<Strategy Include=\"best-of-n\" Pool=\"p\" {verifier} />");

    [Test]
    public void A_step_checker_needs_steps() => AssertRefused("checks whole answers", "<Model>model.bin</Model>",
        Pool.Replace("\"sum\"", "\"gsm8k\""), "<Strategy Include=\"best-of-n\" Pool=\"p\" Verifier=\"step-checker\" />");

    [Test]
    public void Reward_models_are_told_apart_by_their_names()
    {
        AssertRefused("both called prm", "<Model>model.bin</Model>", Pool,
            "<Strategy Include=\"best-of-n\" Pool=\"p\" Verifier=\"../a/prm\" />",
            "<Strategy Include=\"weighted-vote\" Pool=\"p\" Verifier=\"../b/prm\" />");
        Manifest manifest = Read("<Model>model.bin</Model>", Pool,
            "<Strategy Include=\"best-of-n\" Pool=\"p\" Verifier=\"../a/prm\" />",
            "<Strategy Include=\"best-of-n\" Pool=\"p\" Verifier=\"../a/prm/\" Reward=\"product\" />",
            "<Strategy Include=\"best-of-n\" Pool=\"p\" />");
        Assert.That(manifest.Strategies.Select(strategy => strategy.Name), Is.EqualTo(new[]
            { "best-of-n by prm", "best-of-n by prm (product)", "best-of-n" }));
    }

    static Manifest Read(string property, params string[] items)
    {
        using ScratchExperiment scratch = new(Project(property, items));
        return ManifestReader.Read(scratch.Raw(), Registered.All);
    }

    static void AssertRefused(string message, string property, params string[] items)
    {
        using ScratchExperiment scratch = new(Project(property, items));
        Exception? failure = Assert.Catch(() => ManifestReader.Read(scratch.Raw(), Registered.All));
        HarnessException refused = ManifestException.FailuresOf(failure!)[0];
        Assert.That(refused.Message, Does.Contain(message));
    }

    static string Project(string property, params string[] items) => $"""
        <Project>
          <PropertyGroup>
            <Title>Judges</Title>
            {property}
          </PropertyGroup>
          <ItemGroup>
            {string.Join("\n    ", items)}
          </ItemGroup>
        </Project>
        """;
}
