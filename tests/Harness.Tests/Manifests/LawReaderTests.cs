using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Training;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class LawReaderTests
{
    const string Data = "<Data Include=\"think\" Task=\"sum\" />";
    const string Trains = "<Train Include=\"m\" Shape=\"d=16;layers=1;heads=2;ffn=32\" Tokens=\"1M;2M\" LearningRate=\"3e-3\" />";

    [Test]
    public void What_is_left_out_has_the_defaults()
    {
        LawManifest law = TrainingExperiments.Read(Data, Trains, "<Law Include=\"chinchilla\" />").Laws.Single();
        Assert.That((law.Law.Name, string.Join(' ', law.Models), law.HeldOut.Count), Is.EqualTo(("chinchilla", "m-1M m-2M", 0)));
        Assert.That((law.Sizes.Single(), law.Data.Single()), Is.EqualTo((ModelSize.All, "all")));
    }

    [Test]
    public void Items_stand_for_their_models_and_what_is_held_out_is_not_fitted()
    {
        LawManifest law = TrainingExperiments.Read(Data, Trains, Trains.Replace("\"m\"", "\"n\""), Trains.Replace("\"m\"", "\"o\""),
            "<Law Include=\"isoflop\" Models=\"n;m-2M\" HeldOut=\"o;n-2M\" Size=\"without-embedding;all\" Data=\"think\" />").Laws.Single();
        Assert.That(law.Models, Is.EqualTo(new[] { "m-2M", "n-1M" }));
        Assert.That(law.HeldOut, Is.EqualTo(new[] { "n-2M", "o-1M", "o-2M" }));
        Assert.That(law.Sizes, Is.EqualTo(new[] { ModelSize.WithoutEmbedding, ModelSize.All }));
        Assert.That(law.Data, Is.EqualTo(new[] { "think" }));
    }

    [TestCase("<Law Include=\"chinchila\" />", "did you mean 'chinchilla'?")]
    [TestCase("<Law Include=\"coverage\" />", "'coverage' is not a law of models")]
    [TestCase("<Law Include=\"chinchilla\" Models=\"n\" />", "'n' is not a Train of this manifest")]
    [TestCase("<Law Include=\"chinchilla\" HeldOut=\"m\" />", "law 'chinchilla' is fitted to no model: all are held out")]
    [TestCase("<Law Include=\"chinchilla\" HeldOut=\"m-4M\" />", "'m-4M' is not a Train of this manifest")]
    [TestCase("<Law Include=\"chinchilla\" Size=\"some\" />", "'some' is not a size")]
    [TestCase("<Law Include=\"chinchilla\" Data=\"direct\" />", "'direct' is not data that all models of the law learn from")]
    [TestCase("<Law Include=\"chinchilla\" Sizes=\"all\" />", "did you mean 'Size'?")]
    [TestCase("<Law Include=\"chinchilla\" /><Law Include=\"chinchilla\" Data=\"think;all\" />",
        "the manifest has twice law 'chinchilla, all, all'")]
    public void A_mistake_is_one_line(string laws, string message) => Refused(message, Data, Trains, laws);

    [TestCase("Loss=\"all\"", "'o' learns otherwise than 'm-1M'"), TestCase("ValidationTokens=\"5k\"", "'o' learns otherwise than 'm-1M'")]
    [TestCase("Loops=\"2\"", "'o' passes its layers otherwise than 'm-1M'")]
    public void Losses_of_one_law_are_of_one_kind(string attribute, string message)
    {
        string other = Trains.Replace("\"m\"", "\"o\"").Replace("1M;2M", "1M").Replace("/>", $"{attribute} />");
        Refused(message, Data, Trains, other, "<Law Include=\"chinchilla\" />");
        Assert.That(
            TrainingExperiments.Read(Data, Trains, other, "<Law Include=\"chinchilla\" Models=\"m\" />").Laws, Has.Count.EqualTo(1));
        if (attribute.StartsWith("Loops", StringComparison.Ordinal))
            Refused("model 'o' is looped", Data, other, "<Law Include=\"chinchilla\" />");
    }

    /// <summary>-p:Tokens=1M leaves of NAME-1M and NAME-2M a model NAME.</summary>
    [Test]
    public void Names_that_an_override_took_away_are_left_out()
    {
        using ScratchExperiment scratch = new(TrainingExperiments.Project(Data, Trains.Replace("1M;2M", "1M"),
            Trains.Replace("\"m\"", "\"n\"").Replace("1M;2M", "1M"),
            "<Evaluation Include=\"e\" Task=\"sum\" Problems=\"2\" Models=\"n;m-2M\" />",
            "<Law Include=\"chinchilla\" HeldOut=\"m-2M\" />",
            "<Law Include=\"isoflop\" Models=\"m-2M\" />"));
        Manifest tried = ManifestReader.Read(scratch.Raw(overrides: ["Tokens"]), Registered.All);
        Assert.That(tried.Laws.Single().Models, Is.EqualTo(new[] { "m", "n" }), "the other has no model left");
        Assert.That(tried.Laws[0].HeldOut, Is.Empty);
        Assert.That(tried.Evaluations.Single().Models, Is.EqualTo(new[] { "n" }));
        Assert.That(() => ManifestReader.Read(scratch.Raw(), Registered.All), Throws.InstanceOf<Exception>());
    }

    [Test]
    public void A_law_needs_models()
    {
        using ScratchExperiment scratch = new(TrainingExperiments.Project(
            "<Pool Include=\"p\" Task=\"sum\" Problems=\"3\" Samples=\"1\" />", "<Law Include=\"chinchilla\" />")
            .Replace("<Seed>", "<Model>model.bin</Model><Seed>"));
        Assert.That(Assert.Throws<HarnessException>(() => ManifestReader.Read(scratch.Raw(), Registered.All))!.Message,
            Does.Contain("the manifest has no Train"));
    }

    static void Refused(string message, params string[] items)
    {
        using ScratchExperiment scratch = new(TrainingExperiments.Project(items));
        HarnessException mistake = Assert.Throws<HarnessException>(() => ManifestReader.Read(scratch.Raw(), Registered.All))!;
        Assert.That(mistake.Message, Does.Contain(message));
        Assert.That((Path.GetFileName(mistake.File), mistake.Line > 0), Is.EqualTo(("demo.proj", true)));
    }
}
