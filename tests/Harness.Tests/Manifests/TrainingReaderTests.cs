using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Training;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class TrainingReaderTests
{
    const string Data = "<Data Include=\"think\" Task=\"sum\" />";
    const string Train = "<Train Include=\"m\" Shape=\"d=16;layers=1;heads=2;ffn=32\" Tokens=\"2.5M\" LearningRate=\"3e-3\" />";

    [Test]
    public void What_is_left_out_has_the_defaults()
    {
        Manifest manifest = TrainingExperiments.Read(Data, Train);
        TrainManifest train = manifest.Trains.Single();
        Assert.That((train.Name, train.Tokens, train.BatchTokens, train.Steps), Is.EqualTo(("m", 2_500_000L, 10_000, 250L)));
        Assert.That((train.LearningRate, train.Warmup, train.Decay, train.Optimizer.Beta2), Is.EqualTo((3e-3, 100, 0.3, 0.98)));
        Assert.That((train.Seed, train.Loss, train.IsCommitted, train.Shape.ContextLength, train.Shape.TiedEmbedding),
            Is.EqualTo((7ul, LossPart.Answer, true, 128, true)));
        Assert.That(train.Data.Single().Difficulties, Is.EqualTo(new[] { 3, 5, 7 }));
        Assert.That((train.Data[0].Prompt, train.Data[0].Share, manifest.AsksModel, manifest.IsTraining),
            Is.EqualTo(("think", 1, false, true)));
    }

    [Test]
    public void Data_are_for_the_models_that_they_name()
    {
        Manifest manifest = TrainingExperiments.Read(
            Data, "<Data Include=\"direct\" Task=\"sum\" Prompt=\"direct\" For=\"b\" />", Train, Train.Replace("\"m\"", "\"b\""));
        Assert.That(manifest.Trains.Select(train => string.Join(',', train.Data.Select(data => data.Name))),
            Is.EqualTo(new[] { "think", "think,direct" }));
    }

    [Test]
    public void Several_budgets_are_a_model_each()
    {
        Manifest manifest = TrainingExperiments.Read(
            Data, "<Data Include=\"direct\" Task=\"sum\" Prompt=\"direct\" For=\"m\" />", Train.Replace("2.5M", ".5M; 1M;2M"));
        Assert.That(manifest.Trains.Select(train => (train.Name, train.Tokens, train.Data.Count)),
            Is.EqualTo(new[] { ("m-0.5M", 500_000L, 2), ("m-1M", 1_000_000L, 2), ("m-2M", 2_000_000L, 2) }));
    }

    [Test]
    public void Several_learning_rates_and_seeds_are_a_model_each()
    {
        Manifest manifest = TrainingExperiments.Read(
            Data, Train.Replace("2.5M", "1M;2M").Replace("\"3e-3\"", "\".01;3e-3\" Seed=\"5; 6\""), Train.Replace("\"m\"", "\"n\""));
        Assert.That(manifest.Trains.Select(train => train.Name), Is.EqualTo(new[]
        {
            "m-1M-lr0.01-seed5", "m-1M-lr0.01-seed6", "m-1M-lr3e-3-seed5", "m-1M-lr3e-3-seed6",
            "m-2M-lr0.01-seed5", "m-2M-lr0.01-seed6", "m-2M-lr3e-3-seed5", "m-2M-lr3e-3-seed6", "n",
        }));
        TrainManifest last = manifest.Trains[7];
        Assert.That((last.Item, last.Tokens, last.LearningRate, last.Seed), Is.EqualTo(("m", 2_000_000L, 3e-3, 6ul)));
        Assert.That(manifest.Trains[8].Item, Is.EqualTo("n"));
    }

    [TestCase(Data, "", 8, "data 'think' is for no model")]
    [TestCase("", Train, 8, "model 'm' has nothing to learn from")]
    [TestCase("<Data Include=\"d\" Task=\"sum\" For=\"n\" />", Train, 7, "'n' is not a Train of this manifest")]
    [TestCase("<Data Include=\"d\" Task=\"gsm8k\" />", Train, 5, "'gsm8k' is not a task that makes its problems")]
    [TestCase("<Data Include=\"d\" Task=\"sum\" Prompt=\"thinkk\" />", Train, 7, "did you mean 'think'?; its styles are direct, think")]
    [TestCase("<Data Include=\"d\" Task=\"sum\" Difficulty=\"9\" />", Train, 7, "from 2 to 8")]
    [TestCase("<Data Include=\"d\" Task=\"sum\" File=\"x\" />", Train, 7, "a task and a file")]
    [TestCase("<Data Include=\"d\" File=\"x\" PromptField=\"p\" />", Train, 8, "two fields")]
    [TestCase("<Data Include=\"d\" File=\"x\" Difficulty=\"3\" />", Train, 7, "Difficulty belongs to a task")]
    [TestCase("<Data Include=\"d\" Task=\"sum\" Share=\"0\" />", Train, 7, "Share of data 'd' is '0'")]
    [TestCase("<Data Include=\"d\" Task=\"sum\" Shares=\"2\" />", Train, 3, "did you mean 'Share'?")]
    [TestCase("<Data Include=\"d\" />", Train, 8, "Task of data 'd' is missing")]
    public void A_mistake_of_the_data_is_one_line(string data, string train, int code, string message) =>
        Refused(data, train, code, message);

    [TestCase("heads=2", "heads=3", 7, "d 16 is not divided by heads 3")]
    [TestCase("d=16;", "d=18;", 7, "must be even")]
    [TestCase("ffn=32", "fnn=32", 7, "did you mean 'ffn'?")]
    [TestCase("ffn=32", "ffn=32;vocab=99", 7, "'vocab=99'")]
    [TestCase("ffn=32", "ffn=32;experts=4;active=5", 7, "active 5 is more than experts 4")]
    [TestCase("ffn=32", "ffn=32;experts=4", 7, "experts and active are given together")]
    [TestCase("ffn=32", "ffn=32;experts=0;active=0", 7, "experts 0 is not a number from 1 to 1024")]
    [TestCase("ffn=32", "ffn=32;expert=4;active=2", 7, "did you mean 'experts'?")]
    [TestCase(" Tokens", " BalanceLoss=\"0.1\" Tokens", 7, "model 'm' has no experts to balance")]
    [TestCase(";ffn=32\"", ";ffn=32;experts=4;active=2\" BalanceLoss=\"-1\"", 7, "a number from 0 to 10")]
    [TestCase("\"2.5M\"", "\"many\"", 7, "a count of 1 or more, such as 500k")]
    [TestCase("\"2.5M\"", "\"0.0001k\"", 7, "a count of 1 or more")]
    [TestCase("\"2.5M\"", "\"9k\"", 7, "9000 Tokens hold no batch of 10000")]
    [TestCase("\"3e-3\"", "\"0\"", 7, "a number above 0 up to 10")]
    [TestCase("\"3e-3\"", "\"NaN\"", 7, "a number above 0 up to 10")]
    [TestCase(" LearningRate=\"3e-3\"", "", 8, "LearningRate of model 'm' is missing")]
    [TestCase("\"m\"", "\"machines\"", 7, "the name of another result"), TestCase("\"m\"", "\"Training.csv\"", 7, "of another result")]
    [TestCase(" Tokens", " BatchTokens=\"128\" Tokens", 7, "BatchTokens is 128: a sequence may have one more than the context, 128")]
    [TestCase(" Tokens", " Loss=\"answers\" Tokens", 7, "one of answer, all")]
    [TestCase(" Tokens", " Decay=\"1.5\" Tokens", 7, "a number from 0 to 1")]
    [TestCase(" Tokens", " Rate=\"1\" Tokens", 3, "'Rate' is not a known attribute of Train")]
    public void A_mistake_of_the_model_is_one_line(string right, string wrong, int code, string message) =>
        Refused(Data, Train.Replace(right, wrong), code, message);

    [Test]
    public void Two_of_a_name_are_refused()
    {
        Refused(Data, Train + Train, 9, "two models are named 'm'");
        Refused(Data + Data, Train, 9, "two data are named 'think'");
    }

    [Test]
    public void A_model_is_made_or_asked_but_not_both()
    {
        Refused(Data, Train + "<Pool Include=\"p\" Task=\"sum\" Problems=\"3\" Samples=\"1\" />", 8, "Model is missing");
        using ScratchExperiment scratch = new(TrainingExperiments.Project(Data, Train).Replace("<Seed>", "<Model>x</Model><Seed>"));
        Assert.That(() => ManifestReader.Read(scratch.Raw(), Registered.All),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("no pool asks one: leave it out"));
        using ScratchExperiment both = new(TrainingExperiments.Project(
            Data, Train, "<Pool Include=\"p\" Task=\"sum\" Problems=\"3\" Samples=\"1\" />").Replace("<Seed>", "<Model>x</Model><Seed>"));
        Assert.That(() => ManifestReader.Read(both.Raw(), Registered.All),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("whose Model is ../demo/m"));
    }

    static void Refused(string data, string train, int code, string message)
    {
        Exception thrown = Assert.Catch(() => TrainingExperiments.Read(data, train))!;
        HarnessException[] mistakes = [.. ManifestException.FailuresOf(thrown)];
        HarnessException? found = mistakes.FirstOrDefault(mistake => mistake.Message.Contains(message));
        Assert.That(found, Is.Not.Null, string.Join('\n', mistakes.Select(mistake => mistake.ToCanonicalLine())));
        Assert.That(found!.ToCanonicalLine(),
            Does.Contain("demo.proj(7,").Or.Contain("demo.proj(8,").Or.Contain("demo.proj: error HRN0008: Model"));
        if (code > 0)
            Assert.That(found.Diagnostic.Code, Is.EqualTo($"HRN{code:0000}"));
    }
}
