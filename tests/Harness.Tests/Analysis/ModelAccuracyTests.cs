using Harness.Analysis;
using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Records;
using Harness.Tests.Training;

namespace Harness.Tests.Analysis;

[TestFixture]
sealed class ModelAccuracyTests
{
    static EvaluationRow Row(int problem, int difficulty, int correct, int cutOff = 0) => new()
    {
        Model = "tiny",
        Evaluation = "e",
        Loops = 1,
        Problem = problem,
        Difficulty = difficulty,
        Samples = 5,
        Correct = correct,
        CutOff = cutOff,
        PromptTokens = 4 + difficulty,
        Tokens = 10 * (problem + 1),
        Flops = 1000.0 * (problem + 1),
    };

    [Test]
    public void Coverage_is_the_mean_over_problems_and_costs_grow_with_the_samples()
    {
        Manifest manifest = TrainingExperiments.Read(
            TrainingExperiments.Think, TrainingExperiments.Tiny, "<Evaluation Include=\"e\" Task=\"sum\" Problems=\"3\" Samples=\"5\" />");
        EvaluationRow[] rows = [Row(0, 3, 0, 2), Row(1, 5, 2), Row(2, 3, 5, 1)];
        TrainingRow last = new()
        {
            Model = "tiny",
            Step = 30,
            Tokens = 1,
            LossTokens = 1,
            Sequences = 1,
            SeenBefore = 0,
            Flops = 77,
            FlopsWithoutHead = 1,
            Loss = 1,
            LearningRate = 1,
            GradientNorm = 1,
            ValidationLoss = 1,
            Weights = "",
        };
        TrainedEnd end = TrainedEnd.Of(manifest.Trains[0], [last], [], rows);
        ModelAccuracyRow[] estimated = [.. ModelAccuracy.Of(manifest, rows, [end])];
        Assert.That(estimated.Select(row => (row.Difficulty, row.K)), Is.EqualTo(
            new[] { "3", "5", "all" }.SelectMany(difficulty => new[] { 1, 2, 4, 5 }.Select(k => (difficulty, k)))));
        // Of five samples two are right: 1 - C(3,k) / C(5,k).
        double[] second = [0.4, 0.7, 1, 1];
        Assert.That(estimated.Where(row => row.Difficulty == "5").Select(row => row.Coverage), Is.EqualTo(second).Within(1e-6));
        Assert.That(estimated.Where(row => row.Difficulty == "all").Select(row => row.Coverage),
            Is.EqualTo(second.Select(each => (0 + each + 1) / 3)).Within(1e-5));
        Assert.That(end.Coverages["e"].Select(point => (point.K, Math.Round(point.Coverage, 6))),
            Is.EqualTo(new[] { (1, 0.466667), (2, 0.566667), (4, 0.666667), (5, 0.666667) }));
        ModelAccuracyRow two = estimated.Single(row => row is { Difficulty: "all", K: 2 });
        double prompt = new[] { 7, 9, 7 }.Average(tokens => (double)ModelFlops.Prompt(end.Model.Shape, tokens));
        Assert.That((two.Problems, two.Tokens, two.TrainingFlops, two.CutOff), Is.EqualTo((3, 8.0, 77L, 0.2)));
        Assert.That(two.Flops, Is.EqualTo(prompt + 2 * 400).Within(1e-3 * prompt));
        Assert.That(two.CiLow < two.Coverage && two.Coverage < two.CiHigh, Is.True);
    }

    [TestCase(1, new[] { 1 }), TestCase(2, new[] { 1, 2 }), TestCase(6, new[] { 1, 2, 4, 6 }), TestCase(8, new[] { 1, 2, 4, 8 })]
    public void Counts_double_up_to_all_samples(int samples, int[] counts) =>
        Assert.That(ModelAccuracy.CountsOf(samples), Is.EqualTo(counts));
}
