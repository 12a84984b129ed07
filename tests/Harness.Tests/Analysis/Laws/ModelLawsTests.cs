using Harness.Analysis;
using Harness.Analysis.Laws;
using Harness.Manifests;
using Harness.Records;
using Harness.Statistics.Laws;
using Harness.Tests.Training;

namespace Harness.Tests.Analysis.Laws;

/// <summary>Laws of models whose losses are those of a law that is known.</summary>
[TestFixture]
sealed class ModelLawsTests
{
    static readonly double[] Truth = [0.4, 30, 900, 0.42, 0.5];

    const string Budgets = "Tokens=\"1M;2M;4M;8M;16M\"";

    static readonly string[] Items =
    [
        .. new[] { 16, 24, 32, 48, 64 }.Select(width =>
            $"""<Train Include="d{width}" Shape="d={width};layers=2;heads=2;ffn={2 * width}" {Budgets} LearningRate="1e-2" />"""),
        """<Train Include="twice" Shape="d=16;layers=1;heads=2;ffn=32" Tokens="1M;2M" LearningRate="1e-2" Seed="1;2" />""",
    ];

    static Manifest Read(params string[] laws) => TrainingExperiments.Read([TrainingExperiments.Think, .. Items, .. laws]);

    static double Exactly(double parameters, double tokens) => new ChinchillaLaw().Predict(Truth, [parameters, tokens]);

    /// <summary>Ends of all models of a manifest.</summary>
    static TrainedEnd[] Ends(Manifest manifest, Func<TrainedEnd, double>? loss = null) =>
        [.. manifest.Trains.Select(train => End(train, loss ?? (end => Exactly(end.Parameters(ModelSize.All), end.Tokens))))];

    static TrainedEnd End(TrainManifest train, Func<TrainedEnd, double> loss)
    {
        long tokens = train.Tokens * 97 / 100;
        TrainingRow last = new()
        {
            Model = train.Name,
            Step = (int)train.Steps,
            Tokens = tokens,
            LossTokens = tokens / 2,
            Sequences = tokens / 30,
            SeenBefore = 0,
            Flops = 0,
            FlopsWithoutHead = 0,
            Loss = 0,
            LearningRate = 0,
            GradientNorm = 0,
            ValidationLoss = 0,
            Weights = "",
        };
        TrainedEnd sized = TrainedEnd.Of(train, [last], [], []);
        (double all, double without) = (sized.Parameters(ModelSize.All), sized.Parameters(ModelSize.WithoutEmbedding));
        (long flops, long body) = ((long)(6 * all * tokens), (long)(6 * without * tokens));
        last = last with { Flops = flops, FlopsWithoutHead = body, ValidationLoss = loss(sized) };
        ValidationRow own = new()
        {
            Model = train.Name,
            Step = last.Step,
            Data = "think",
            Sequences = 1,
            LossTokens = 1,
            Loss = 2 * last.ValidationLoss!.Value,
        };
        return TrainedEnd.Of(train, [last], [own with { Step = 1, Loss = 99 }, own], []);
    }

    static ModelLawRow Row(ModelLaws laws, string law, string parameter, string size = "all", string data = "all") =>
        laws.Rows.Single(row => (row.Law, row.Parameter, row.Size, row.Data) == (law, parameter, size, data));

    [Test]
    public void The_law_behind_the_losses_is_found_with_what_follows_from_it()
    {
        Manifest manifest = Read("""<Law Include="chinchilla-projection" HeldOut="d64-16M" Data="all;think" />""");
        ModelLaws laws = ModelLaws.Of(manifest.Laws, Ends(manifest), 1);
        foreach ((string name, double value) in new[] { "E", "A", "B", "alpha", "beta" }.Zip(Truth))
        {
            ModelLawRow row = Row(laws, "chinchilla-projection", name);
            Assert.That(row.Value, Is.EqualTo(value).Within(1e-4 * value), name);
            Assert.That((row.CiLow <= row.Value, row.Value <= row.CiHigh), Is.EqualTo((true, true)), name);
        }
        LossOptimum best = LossOptimum.Of(Truth);
        Assert.That(Row(laws, "chinchilla-projection", "a").Value, Is.EqualTo(best.Exponent).Within(1e-4));
        Assert.That(Row(laws, "chinchilla-projection", "G").Value, Is.EqualTo(best.Coefficient).Within(1e-3 * best.Coefficient));
        Assert.That(Row(laws, "chinchilla-projection", "E", data: "think").Value, Is.EqualTo(2 * Truth[0]).Within(1e-4),
            "the last validation of that data");
        ModelLawRow any = laws.Rows[0];
        Assert.That((any.Points, any.Dropped, any.HeldOut, any.Refits), Is.EqualTo((28, 0, 1, 1000)));
        Assert.That(any.HeldOutError, Is.LessThan(1e-5));
    }

    [Test]
    public void What_is_held_out_moves_no_parameter_and_is_predicted()
    {
        Manifest manifest = Read("""<Law Include="chinchilla" HeldOut="d64-16M" />""");
        ModelLaws laws = ModelLaws.Of(manifest.Laws, Ends(manifest), 1);
        ModelLaws poisoned = ModelLaws.Of(manifest.Laws, Ends(manifest, end => end.Model.Name == "d64-16M" ? 7
            : Exactly(end.Parameters(ModelSize.All), end.Tokens)), 1);
        Assert.That(poisoned.Rows.Select(row => (row.Value, row.CiLow, row.CiHigh)),
            Is.EqualTo(laws.Rows.Select(row => (row.Value, row.CiLow, row.CiHigh))));
        LossPointRow held = poisoned.Points.Single(point => point.IsHeldOut);
        Assert.That((held.Model, held.Item, held.Loss), Is.EqualTo(("d64-16M", "d64", 7.0)));
        Assert.That(held.Predicted, Is.EqualTo(Exactly(held.Parameters, held.Tokens)).Within(1e-3));
        Assert.That((held.PredictedLow <= held.Predicted, held.Predicted <= held.PredictedHigh), Is.EqualTo((true, true)));
        Assert.That(poisoned.Rows[0].HeldOutError, Is.EqualTo(7 - held.Predicted).Within(1e-5));
        Assert.That(poisoned.Points, Has.Count.EqualTo(29));
    }

    [Test]
    public void Only_the_models_that_are_named_are_fitted_and_sizes_may_leave_out_the_embedding()
    {
        Manifest manifest = Read("""<Law Include="chinchilla-projection" Models="d16;d24;d32;d48-4M" Size="without-embedding;all" />""");
        TrainedEnd[] ends = Ends(manifest, end => end.Model.Item is "d64" or "twice" ? 50
            : Exactly(end.Parameters(ModelSize.WithoutEmbedding), end.Tokens));
        ModelLaws laws = ModelLaws.Of(manifest.Laws, ends, 1);
        Assert.That(laws.Rows[0].Size, Is.EqualTo("without-embedding"));
        Assert.That(laws.Rows.Select(row => row.Points).Distinct(), Is.EqualTo(new[] { 16 }));
        Assert.That(Row(laws, "chinchilla-projection", "alpha", "without-embedding").Value, Is.EqualTo(Truth[3]).Within(1e-3));
        Assert.That(Row(laws, "chinchilla-projection", "alpha").Value, Is.Not.EqualTo(Truth[3]).Within(0.01), "at these sizes it decides");
    }

    [Test]
    public void Parabolas_say_their_own_bias()
    {
        Manifest manifest = Read("""<Law Include="isoflop" Models="d16;d24;d32;d48;d64" />""",
            """<Law Include="chinchilla-projection" Models="d16;d24;d32;d48;d64" />""");
        ModelLaws laws = ModelLaws.Of(manifest.Laws, Ends(manifest), 1);
        Assert.That(laws.Rows[0].Law, Is.EqualTo("isoflop"), "in the manifest's order");
        double bias = Row(laws, "isoflop", "a").Value - Row(laws, "chinchilla-projection", "a").Value;
        Assert.That(Math.Abs(bias), Is.GreaterThan(1e-3));
        Assert.That(Row(laws, "isoflop", "a_bias").Value, Is.EqualTo(bias).Within(1e-4), "without noise all that differs is bias");
    }

    [Test]
    public void Of_two_laws_of_one_loss_one_is_chosen()
    {
        Manifest manifest = Read("""<Law Include="chinchilla" />""", """<Law Include="chinchilla-projection" />""");
        ModelLaws laws = ModelLaws.Of(manifest.Laws, Ends(manifest, end => Exactly(end.Parameters(ModelSize.All), end.Tokens)
            * (1 + 0.002 * Math.Sin(end.Parameters(ModelSize.All) + end.Tokens))), 1);
        Assert.That(laws.Rows.Where(row => row.IsChosen).Select(row => row.Law).Distinct().Count(), Is.EqualTo(1));
        Assert.That(laws.Rows[0].HeldOut, Is.GreaterThan(1), "the largest budgets, where the manifest holds none out");
    }

    [TestCase("d64-16M", false), TestCase("d64-16M;d64-8M", true)]
    public void Of_one_model_that_is_held_out_nothing_is_chosen(string heldOut, bool isChosen)
    {
        Manifest manifest = Read($"<Law Include=\"chinchilla\" HeldOut=\"{heldOut}\" />",
            $"<Law Include=\"chinchilla-projection\" HeldOut=\"{heldOut}\" />");
        LossLaws(manifest, out ModelLaws laws);
        Assert.That(laws.Rows.Any(row => row.IsChosen), Is.EqualTo(isChosen));
        Assert.That(double.IsNaN(laws.Rows[0].HeldOutStandardError), Is.Not.EqualTo(isChosen));
        Assert.That(laws.Rows[0].HeldOut, Is.EqualTo(isChosen ? 2 : 1));
    }

    static void LossLaws(Manifest manifest, out ModelLaws laws) => laws = ModelLaws.Of(
        manifest.Laws, Ends(manifest, end => Exactly(end.Parameters(ModelSize.All), end.Tokens) * (1 + 1e-3 * Math.Cos(end.Tokens))), 1);

    [Test]
    public void As_many_models_as_parameters_have_no_interval()
    {
        Manifest manifest = Read("<Law Include=\"chinchilla-projection\" Models=\"d16-1M;d16-4M;d32-2M;d48-1M;d64-8M\" />");
        LossLaws(manifest, out ModelLaws laws);
        Assert.That(laws.Rows.Select(row => (row.Refits, double.IsNaN(row.CiLow))), Is.All.EqualTo((0, true)));
    }

    [Test]
    public void Two_runs_give_the_same_bytes()
    {
        Manifest manifest = Read("""<Law Include="chinchilla" Models="d16;d24;d32" />""", """<Law Include="isoflop" />""");
        TrainedEnd[] ends = Ends(manifest);
        ModelLaws first = ModelLaws.Of(manifest.Laws, ends, 3), second = ModelLaws.Of(manifest.Laws, ends, 3);
        Assert.That(ModelLawTable.Csv.Write(first.Rows), Is.EqualTo(ModelLawTable.Csv.Write(second.Rows)));
        Assert.That(LossPointTable.Csv.Parse(LossPointTable.Csv.Write(first.Points), "x"), Is.EqualTo(first.Points));
        Assert.That(ModelLawTable.Csv.Write(ModelLawTable.Csv.Parse(ModelLawTable.Csv.Write(first.Rows), "x")),
            Is.EqualTo(ModelLawTable.Csv.Write(first.Rows)));
    }
}
