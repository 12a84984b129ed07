extern alias Builtin;

using Builtin::Harness.Figures;
using Builtin::Harness.Records;

namespace Harness.Tests.Figures;

/// <summary>What trained models answer against the operations of their training.</summary>
sealed class EvaluationFiguresTests
{
    static ModelAccuracyRow Row(string evaluation, long training, int k, double coverage, string difficulty = "all", int loops = 1) => new()
    {
        Evaluation = evaluation,
        Model = $"m{training}",
        Loops = loops,
        Difficulty = difficulty,
        Problems = 50,
        K = k,
        Coverage = coverage,
        CiLow = 0,
        CiHigh = 1,
        CutOff = 0,
        Tokens = 1,
        Flops = 1,
        TrainingFlops = training,
    };

    [Test]
    public void A_panel_an_evaluation_with_a_line_for_the_best_model_so_far()
    {
        DrawnFigure figure = new(EvaluationFigures.Draw("demo",
        [
            .. new[] { 1, 2, 4, 8, 16, 32 }.SelectMany(k => new[]
            {
                Row("sums", 1000, k, 0.5), Row("sums", 2000, k, 0.2), Row("sums", 4000, k, 0.7), Row("sums", 4000, k, 0.1, "3"),
            }),
            Row("other", 1000, 1, 0.3), Row("other", 9000, 1, 0.4),
        ]).Single().Svg);
        Assert.That(figure.Panels.Select(panel => panel.Texts("heading").Single()), Is.EqualTo(new[] { "sums", "other" }));
        DrawnPanel sums = figure.Panels.First();
        Assert.That(sums.Texts("label"), Is.EquivalentTo(new[] { "one sample", "2 samples", "8 samples", "32 samples" }));
        Assert.That(sums.MarkersOf("one sample"), Has.Length.EqualTo(3), "all difficulties together");
        Assert.That(figure.Panels.Last().Texts("label"), Is.EqualTo(new[] { "one sample" }));
        double[] heights =
            [.. sums.Data.First(mark => mark.IsLine && mark.Points.Length >= 3).Points.OrderBy(point => point.X).Select(point => point.Y)];
        Assert.That(heights.Zip(heights.Skip(1)).All(pair => pair.Second <= pair.First + 1e-9), Is.True, "the line never falls");
    }

    [Test]
    public void Looped_models_have_a_figure_of_their_passes()
    {
        Figure[] figures =
        [
            .. EvaluationFigures.Draw("demo",
            [
                Row("sums", 1000, 1, 0.2), Row("sums", 1000, 1, 0.4, loops: 2), Row("sums", 1000, 1, 0.6, loops: 4),
                Row("sums", 2000, 1, 0.5),
            ]),
        ];
        Assert.That(figures.Select(figure => figure.FileName), Is.EqualTo(new[] { "model-accuracy.svg", "model-accuracy-loops.svg" }));
        Assert.That(new DrawnFigure(figures[0].Svg).Panels.Single().Markers.Count(), Is.EqualTo(1), "not asked at several");
        DrawnPanel loops = new DrawnFigure(figures[1].Svg).Panels.Single();
        Assert.That(loops.Texts("heading"), Is.EqualTo(new[] { "sums, m1000" }));
        Assert.That(loops.Texts("x-tick"), Is.EqualTo(new[] { "1", "2", "4" }));
        Assert.That(loops.Markers.Count(), Is.EqualTo(3));
    }

    [Test]
    public void Without_rows_there_is_no_figure() => Assert.That(EvaluationFigures.Draw("demo", []), Is.Empty);
}
