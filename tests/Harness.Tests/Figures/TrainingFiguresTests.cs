extern alias Builtin;

using Builtin::Harness.Figures;
using Builtin::Harness.Records;

namespace Harness.Tests.Figures;

/// <summary>Losses against the tokens that were trained on: a line through every row, a marker where it was validated.</summary>
sealed class TrainingFiguresTests
{
    static TrainingRow Row(string model, int step, double loss, double? validation = null) => new()
    {
        Model = model,
        Step = step,
        Tokens = 1000L * step,
        LossTokens = 500L * step,
        Sequences = 10L * step,
        SeenBefore = 0,
        Flops = 1,
        FlopsWithoutHead = 1,
        Loss = loss,
        LearningRate = 0.001,
        GradientNorm = 1,
        ValidationLoss = validation,
        Weights = "",
    };

    static TrainingRow[] Model(string name, double last) =>
        [Row(name, 1, 5) with { Weights = name }, Row(name, 10, 3, 3.2), Row(name, 100, last, last + .1)];

    static DrawnFigure Draw(params TrainingRow[] rows) =>
        new(TrainingFigures.Loss("demo", rows, new Dictionary<string, string> { ["a"] = "llama, 1 layer" })!.Svg);

    [Test]
    public void A_model_has_a_panel_with_what_it_learnt_and_how_it_was_validated()
    {
        DrawnPanel panel = Draw(Model("a", 1)).Panels.Single();
        Assert.That(panel.Texts("heading"), Is.EqualTo(new[] { "a" }));
        Assert.That(panel.Texts("facts"), Is.EqualTo(new[] { "llama, 1 layer" }));
        Assert.That(panel.Texts("label"), Is.EquivalentTo(new[] { "validation", "training" }));
        Assert.That(panel.Markers.Count(), Is.EqualTo(2), "where it was validated");
        Assert.That(panel.Data.Any(mark => mark.IsLine && mark.Points.Select(point => point.X).Distinct().Count() == 3), Is.True);
    }

    [Test]
    public void A_model_that_was_never_validated_has_its_line_alone() =>
        Assert.That(Draw(Row("a", 1, 5), Row("a", 2, 4)).Panels.Single().Texts("label"), Is.EqualTo(new[] { "training" }));

    /// <summary>A reward model begins far above where it ends: its end could not be read beside that.</summary>
    [Test]
    public void What_is_far_above_the_end_is_not_drawn()
    {
        TrainingRow[] far = [Row("a", 1, 31), Row("a", 10, 4), Row("a", 100, 1.5), Row("a", 1000, 1, 1.1)];
        static int Drawn(DrawnFigure figure) => figure.Panels.Single().Data.Where(mark => mark.IsLine)
            .Max(mark => mark.Points.Select(point => point.X).Distinct().Count());
        Assert.That(Drawn(Draw(far)), Is.EqualTo(3));
        far[0] = Row("a", 1, 29);
        Assert.That(Drawn(Draw(far)), Is.EqualTo(4));
    }

    [Test]
    public void Many_models_share_panels_by_their_last_loss()
    {
        DrawnFigure figure = Draw([.. Enumerable.Range(1, 6).SelectMany(number => Model($"m{number}", number))]);
        Assert.That(figure.Panels.Select(panel => panel.Texts("label").Length), Is.EqualTo(new[] { 4, 2 }));
        Assert.That(figure.Panels.First().Texts("heading"), Is.EqualTo(new[] { "m6 to m3" }));
    }

    [Test]
    public void Of_many_models_those_that_were_validated_once_have_the_line_of_what_they_learnt()
    {
        DrawnFigure figure = Draw([.. Enumerable.Range(1, 5).SelectMany(number => new[]
        {
            Row($"m{number}", 1, 5) with { Weights = $"{number}" }, Row($"m{number}", 10, 3), Row($"m{number}", 100, number, number),
        })]);
        DrawnPanel panel = figure.Panels.First();
        Assert.That(panel.Markers.Count(), Is.EqualTo(4));
        Assert.That(panel.Data.Count(mark => mark.IsLine && mark.Points.Select(point => point.X).Distinct().Count() == 3), Is.EqualTo(4));
    }

    /// <summary>Of many models, those of one trunk have its first step in common.</summary>
    [Test]
    public void Of_many_models_the_longest_of_each_trunk_is_drawn()
    {
        TrainingRow[] rows =
        [
            .. Enumerable.Range(1, 6).SelectMany(number => Model($"m{number}", number).Take(number % 2 == 0 ? 3 : 2)
                .Select(row => row with { Weights = $"trunk {(number + 1) / 2} at {row.Step}" })),
        ];
        Assert.That(Draw(rows).Panels.Select(panel => panel.Texts("heading").Single()), Is.EqualTo(new[] { "m2", "m4", "m6" }));
    }

    [Test]
    public void Without_rows_there_is_no_figure() =>
        Assert.That(TrainingFigures.Loss("demo", [], new Dictionary<string, string>()), Is.Null);
}
